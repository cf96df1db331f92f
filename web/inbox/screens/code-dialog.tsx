import type { ComponentChildren } from 'preact'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'

interface CodeDialogProps {
  title: string
  /** What the button says and does. */
  action: string
  look?: 'primary' | 'danger'
  onCode: (code: string) => Promise<unknown>
  onClose: () => void
  children: ComponentChildren
}

/** What weakens the second step takes a code of it. */
export const CodeDialog = ({ title, action, look = 'primary', onCode, onClose, children }: CodeDialogProps) => (
  <Dialog title={title} onClose={onClose}>
    <Form submit={action} look={look} onSubmit={({ code = '' }) => onCode(code)} actions={<Button onClick={onClose}>Cancel</Button>}>
      {(problemOf) => (
        <>
          <p class="quiet">{children}</p>
          <TextField
            label="Code"
            name="code"
            autocomplete="one-time-code"
            hint="The six digits that your authenticator app shows, or a recovery code."
            problem={problemOf('code')}
            isCode
          />
        </>
      )}
    </Form>
  </Dialog>
)
