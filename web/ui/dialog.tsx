import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Button } from './button.tsx'

interface DialogProps {
  title: string
  onClose: () => void
  /** A dialog that shows what cannot be shown again closes only by its own button. */
  isFirm?: boolean
  children: ComponentChildren
}

/** A native modal dialog: it is open while it is rendered, keeps the focus, and gives it back. */
export function Dialog({ title, onClose, isFirm = false, children }: DialogProps) {
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  const isLeaving = useRef(false)
  useEffect(() => {
    const before = document.activeElement
    const dialog = element.current
    dialog?.showModal()
    // A form is there to be filled in; elsewhere the browser's own choice is good.
    dialog?.querySelector<HTMLElement>('form :is(input, textarea, select)')?.focus()
    return () => {
      isLeaving.current = true
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        if (!isFirm) onClose()
      }}
      onClose={() => {
        if (isLeaving.current) return
        // Browsers let a second Escape pass without asking.
        if (isFirm) element.current?.showModal()
        else onClose()
      }}
      onClick={(event) => {
        if (!isFirm && event.target === element.current) onClose()
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          {!isFirm && <Button look="quiet" icon="close" label="Close" onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  )
}
