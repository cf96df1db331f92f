import { computed, signal } from '@preact/signals'
import type { Destination, Space } from '#shared/messenger.ts'
import { uuid } from './outbox.ts'
import { spaces } from './session.ts'

export type Route = { at: 'home' } | { at: 'messages' } | { at: 'help' } | { at: 'article'; id: string } | { at: 'thread'; thread: string }

const trail = signal<Route[]>([{ at: 'home' }])

export const route = computed(() => trail.value.at(-1) as Route)

export const canGoBack = computed(() => trail.value.length > 1)

export const newThread = () => 'new:' + uuid()

export const isNew = (thread: string) => thread.startsWith('new:')

export const back = () => {
  trail.value = trail.value.slice(0, -1)
}

export const goToSpace = (space: Space) => {
  const first = spaces.value[0] ?? 'messages'
  const at = spaces.value.includes(space) ? space : first
  trail.value = [{ at: at === 'tickets' ? 'home' : at }]
}

export const visit = (next: Route) => {
  const { value } = route
  if (JSON.stringify(value) !== JSON.stringify(next)) trail.value = [...trail.value, next]
}

/** The first message of a new conversation has given it its id. */
export const renameThread = (from: string, to: string) => {
  trail.value = trail.value.map((step) => (step.at === 'thread' && step.thread === from ? { at: 'thread', thread: to } : step))
}

/** Where the page's call leads; a composer's text is handed to `compose`. */
export function follow(go: Destination, compose: (thread: string, text: string, isSent: boolean) => void) {
  if (go.to === 'space') goToSpace(go.space)
  if (go.to === 'article') visit({ at: 'article', id: go.id })
  if (go.to === 'conversation') visit({ at: 'thread', thread: go.id })
  if (go.to === 'composer') {
    const thread = newThread()
    compose(thread, go.text, go.send)
    visit({ at: 'thread', thread })
  }
}
