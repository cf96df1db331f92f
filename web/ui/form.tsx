import type { ComponentChildren, TargetedSubmitEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { failureOf, type ApiFailure } from './api-failure.ts'
import { Button } from './button.tsx'
import { valuesOf } from './field.tsx'
import { Notice } from './states.tsx'

interface FormProps {
  /** May throw an `ApiFailure`: it is shown above the button, or beside the field it names. */
  onSubmit: (values: Record<string, string>) => Promise<unknown>
  submit: string
  look?: 'primary' | 'danger'
  /** More buttons beside the one that sends. */
  actions?: ComponentChildren
  children: (problemOf: (name: string) => string | undefined) => ComponentChildren
}

/** Sends once at a time, and puts the focus on what is wrong. */
export function Form({ onSubmit, submit, look = 'primary', actions, children }: FormProps) {
  const [failure, setFailure] = useState<ApiFailure>()
  const [isBusy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const send = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setFailure(undefined)
    await onSubmit(valuesOf(event.currentTarget)).catch((error: unknown) => {
      const failure = failureOf(error)
      setFailure(failure)
      fieldOf(failure)?.focus()
    })
    setBusy(false)
  }
  const fieldOf = ({ field }: ApiFailure) => {
    const found = field === undefined ? null : form.current?.elements.namedItem(field)
    return found instanceof HTMLElement ? found : undefined
  }
  const problemOf = (name: string) => (failure?.field === name ? failure.message : undefined)
  return (
    <form ref={form} class="stack" onSubmit={(event) => void send(event)}>
      {children(problemOf)}
      {failure && !fieldOf(failure) && <Notice tone="danger">{failure.message}</Notice>}
      <div class="actions">
        <Button type="submit" look={look} isBusy={isBusy}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}
