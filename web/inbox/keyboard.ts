import { areKeysOn, isHelpOpen } from './key-switches.ts'
import { go } from './router.ts'
import { routes } from './routes.tsx'

const NEXT_KEY_MS = 1500

export interface Shortcut {
  keys: string[]
  title: string
  run: () => void
}

export const shortcuts: Shortcut[] = [
  ...routes.map(({ key, title, path }) => ({ keys: ['g', key], title: `Go to ${title}`, run: () => go(path) })),
  { keys: ['?'], title: 'Show these shortcuts', run: () => void (isHelpOpen.value = true) },
]

export function watchKeys(): void {
  let first: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  addEventListener('keydown', (event) => {
    if (!areKeysOn.value || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return
    const pressed = first === undefined ? [event.key] : [first, event.key]
    first = undefined
    clearTimeout(timer)
    const found = shortcuts.find(({ keys }) => keys.join(' ') === pressed.join(' '))
    if (found) {
      event.preventDefault()
      found.run()
    } else if (shortcuts.some(({ keys }) => keys.length > 1 && keys[0] === event.key)) {
      first = event.key
      timer = setTimeout(() => (first = undefined), NEXT_KEY_MS)
    }
  })
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
