import type { ComponentChildren } from 'preact'
import { words } from '#web/messenger/language.ts'
import { tellPage } from '#web/messenger/page.ts'
import { back, canGoBack } from '#web/messenger/routes.ts'
import { Icon } from './icons.tsx'

export const CloseButton = () => (
  <button type="button" class="quiet" aria-label={words.value.close} onClick={() => tellPage({ latchkey: 'close' })}>
    <Icon name="close" />
  </button>
)

export function Header({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <header class="header">
      {canGoBack.value ? (
        <button type="button" class="quiet" aria-label={words.value.back} onClick={back}>
          <Icon name="back" />
        </button>
      ) : (
        <span class="quiet" />
      )}
      <h1 tabIndex={-1}>{title}</h1>
      {children}
      <CloseButton />
    </header>
  )
}
