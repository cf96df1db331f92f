import { signal } from '@preact/signals'
import { api } from '#web/ui/api.ts'
import { showFailure } from '#web/ui/toast.tsx'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

const { theme: given } = document.documentElement.dataset

export const theme = signal<Theme>(given === 'light' || given === 'dark' ? given : 'system')

/** The server keeps it for this browser, and draws the next page in it at once. */
export function setTheme(next: Theme): void {
  theme.value = next
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  void api('PUT', '/app/profile/theme', { theme: next }).catch(showFailure)
}
