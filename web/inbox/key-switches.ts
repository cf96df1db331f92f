import { signal } from '@preact/signals'

const KEY = 'latchkey-keys'

export const isHelpOpen = signal(false)

/** Whoever dictates to their computer switches single keys off (WCAG 2.1.4). */
export const areKeysOn = signal(readSwitch())

export function switchKeys(isOn: boolean): void {
  areKeysOn.value = isOn
  localStorage.setItem(KEY, isOn ? 'on' : 'off')
}

function readSwitch(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}
