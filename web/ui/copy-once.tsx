import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface CopyTextProps {
  label: string
  text: string
  /** The same, easier to read or to type. */
  shownAs?: string
}

/** A text to copy: selected on focus, with a button. */
export function CopyText({ label, text, shownAs = text }: CopyTextProps) {
  const id = useId()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2500)
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy">
        <input id={id} class="code" readOnly value={shownAs} onFocus={(event) => event.currentTarget.select()} />
        <Button icon={isCopied ? 'check' : 'copy'} onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  )
}

interface CopyOnceProps extends CopyTextProps {
  title: string
  onClose: () => void
  children?: ComponentChildren
}

/** A secret or a link that is shown this once: it goes only when the teammate says so. */
export const CopyOnce = ({ title, label, text, onClose, children }: CopyOnceProps) => (
  <Dialog title={title} onClose={onClose} isFirm>
    <div class="stack">
      {children}
      <CopyText label={label} text={text} />
      <div class="actions">
        <Button look="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </div>
  </Dialog>
)
