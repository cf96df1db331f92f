import { computed, signal } from '@preact/signals'
import type { BootAnswer, Space, ToFrame } from '#shared/messenger.ts'
import { direction, locale, spokenLanguage } from './language.ts'
import { restoreOutbox } from './outbox.ts'

export const boot = signal<BootAnswer | undefined>(undefined)
export const isOpen = signal(false)
export const isOnScreen = signal(document.visibilityState === 'visible')

document.addEventListener('visibilitychange', () => {
  isOnScreen.value = document.visibilityState === 'visible'
})

const BUILT: Space[] = ['home', 'messages', 'help']

export const spaces = computed(() => BUILT.filter((space) => boot.value?.settings.spaces.includes(space)))

const isColor = (value: string | undefined): value is string => value !== undefined && CSS.supports('color', value)

export function enter({ boot: answer, theme, locale: asked, colors }: Extract<ToFrame, { latchkey: 'open' }>) {
  restoreOutbox(answer.visitor_id)
  boot.value = answer
  locale.value = asked || navigator.language
  isOpen.value = true
  const root = document.documentElement
  root.lang = spokenLanguage.value
  root.dir = direction.value
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
  const action = [colors.action, answer.settings.action_color].find(isColor)
  if (action) root.style.setProperty('--action', action)
  if (isColor(colors.background)) root.style.setProperty('--hero', colors.background)
}
