import type { ComponentChildren } from 'preact'
import { words } from '#web/messenger/language.ts'
import { Icon, type IconName } from './icons.tsx'

export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={words.value.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} />
      ))}
    </div>
  )
}

export function Empty({ icon, title, hint, children }: { icon: IconName; title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
    </div>
  )
}

export function Failed({ onRetry, isMissing = false }: { onRetry: () => void; isMissing?: boolean }) {
  const { not_found, load_failed, load_failed_hint, try_again } = words.value
  return (
    <div role="alert">
      <Empty icon="alert" title={isMissing ? not_found : load_failed} hint={isMissing ? '' : load_failed_hint}>
        {!isMissing && (
          <button type="button" class="secondary" onClick={onRetry}>
            {try_again}
          </button>
        )}
      </Empty>
    </div>
  )
}
