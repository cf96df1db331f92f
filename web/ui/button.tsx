import type { ComponentChildren, TargetedMouseEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Icon, type IconName } from './icons.tsx'
import { showFailure } from './toast.tsx'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

interface ButtonProps {
  look?: Look
  icon?: IconName
  type?: 'button' | 'submit'
  isBusy?: boolean
  /** A promise makes the button busy until it settles; its failure is shown as a toast. */
  onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => unknown
  /** For a button whose icon says it all. */
  label?: string
  children?: ComponentChildren
}

export function Button({ look = 'secondary', icon, type = 'button', isBusy = false, onClick, label, children }: ButtonProps) {
  const [isWorking, setWorking] = useState(false)
  const busy = isBusy || isWorking
  const click = async (event: TargetedMouseEvent<HTMLButtonElement>) => {
    if (busy) return event.preventDefault()
    const work = onClick?.(event)
    if (!(work instanceof Promise)) return
    setWorking(true)
    await work.catch(showFailure)
    setWorking(false)
  }
  return (
    <button
      type={type}
      class={`button ${look}${children === undefined ? ' square' : ''}`}
      aria-label={label}
      title={children === undefined ? label : undefined}
      aria-disabled={busy ? 'true' : undefined}
      data-busy={busy ? '' : undefined}
      onClick={(event) => void click(event)}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  )
}
