import { signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const YEAR = 31_536_000

const { theme: given } = document.documentElement.dataset

export const theme = signal<Theme>(given === 'light' || given === 'dark' ? given : 'system')

/** In a cookie, so that the server draws the next page in it at once. */
export function setTheme(next: Theme): void {
  theme.value = next
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `latchkey-theme=${next}; Path=/; Max-Age=${next === 'system' ? 0 : YEAR}; SameSite=Lax${secure}`
}
