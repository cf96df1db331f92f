import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Form } from './form.tsx'

interface ConfirmProps {
  title: string
  /** What the button says and does. */
  action: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
  children: ComponentChildren
}

/** Asks before something that cannot be taken back. */
export const Confirm = ({ title, action, onConfirm, onClose, children }: ConfirmProps) => (
  <Dialog title={title} onClose={onClose}>
    <Form
      submit={action}
      look="danger"
      onSubmit={async () => {
        await onConfirm()
        onClose()
      }}
      actions={<Button onClick={onClose}>Cancel</Button>}
    >
      {() => <div class="dialog-text">{children}</div>}
    </Form>
  </Dialog>
)
