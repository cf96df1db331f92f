import { signal } from '@preact/signals'
import { failureOf } from './api-failure.ts'
import { Icon } from './icons.tsx'

interface Toast {
  id: number
  text: string
  tone: 'good' | 'danger'
}

const STAYS_MS = 6000
const toasts = signal<Toast[]>([])
let last = 0

/** One sentence in the corner, read out and gone after a while. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  last += 1
  const id = last
  toasts.value = [...toasts.value.slice(-2), { id, text, tone }]
  setTimeout(() => dismiss(id), tone === 'danger' ? 2 * STAYS_MS : STAYS_MS)
}

export function showFailure(error: unknown): void {
  const { code, message, cure } = failureOf(error)
  if (code !== 'password_check_needed') toast(cure === undefined ? message : `${message} ${cure}`, 'danger')
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, tone }) => (
      <div key={id} class="toast" data-tone={tone}>
        <Icon name={tone === 'good' ? 'check' : 'alert'} />
        <span>{text}</span>
        <button type="button" class="toast-close" aria-label="Dismiss" onClick={() => dismiss(id)}>
          <Icon name="close" />
        </button>
      </div>
    ))}
  </div>
)
