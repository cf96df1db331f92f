import type { ComponentChildren } from 'preact'
import type { ApiFailure } from './api-failure.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icons.tsx'

export type Tone = 'neutral' | 'good' | 'waiting' | 'danger'

export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) => (
  <span class="badge" data-tone={tone}>
    {children}
  </span>
)

export const Notice = ({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) => (
  <div class="notice" data-tone={tone} role={tone === 'danger' ? 'alert' : 'status'}>
    {children}
  </div>
)

export const Empty = ({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <span class="empty-icon">
      <Icon name={icon} />
    </span>
    <h2>{title}</h2>
    {children}
  </div>
)

export const Skeleton = ({ lines = 5 }: { lines?: number }) => (
  <div class="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: lines }, (_, line) => (
      <i key={line} />
    ))}
  </div>
)

export const Failed = ({ failure, onRetry }: { failure: ApiFailure; onRetry: () => void }) => (
  <div role="alert">
    <Empty icon="alert" title={failure.message}>
      {failure.cure !== undefined && <p>{failure.cure}</p>}
      <Button onClick={onRetry}>Try again</Button>
    </Empty>
  </div>
)

/** "5 minutes ago", with the exact time for whoever points at it. */
export function Time({ at }: { at: number }) {
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {ago(at)}
    </time>
  )
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function ago(at: number): string {
  const passed = at - Date.now()
  const [unit, step] = STEPS.find(([, step]) => Math.abs(passed) >= step) ?? ['minute', 60_000]
  if (Math.abs(passed) > 30 * 86_400_000) return new Date(at).toLocaleDateString()
  if (Math.abs(passed) < 60_000) return 'just now'
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(passed / step), unit)
}
