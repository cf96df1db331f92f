import type { BootAnswer, Destination } from '#shared/messenger.ts'
import { complain } from './page.ts'
import { readSettings, type Settings } from './settings.ts'
import type { View } from './view.ts'

export type Listener = (value?: number) => void
export type Occasion = 'ready' | 'show' | 'hide' | 'unread' | 'email'

/** Everything the loader knows about this page. */
export interface Loader {
  readonly origin: string
  readonly view: View
  readonly listeners: Map<Occasion, Set<Listener>>
  settings: Settings
  answer: BootAnswer | undefined
  unread: number
  isOpen: boolean
  /** Where to go once the boot is answered or the frame is ready. */
  wish: Destination | undefined
  /** Counts boots and shutdowns: an answer that belongs to an earlier turn is thrown away. */
  turn: number
  abort: AbortController | undefined
  flight: Promise<void> | undefined
  leaving: Promise<unknown>
  channel: BroadcastChannel | undefined
  stream: AbortController | undefined
  lastEventId: string
  updates: number[]
  focusBefore: HTMLElement | null
}

export const createLoader = (origin: string, view: View): Loader => ({
  origin,
  view,
  listeners: new Map(),
  settings: readSettings(undefined),
  answer: undefined,
  unread: 0,
  isOpen: false,
  wish: undefined,
  turn: 0,
  abort: undefined,
  flight: undefined,
  leaving: Promise.resolve(),
  channel: undefined,
  stream: undefined,
  lastEventId: '',
  updates: [],
  focusBefore: null,
})

export function on(loader: Loader, occasion: Occasion, listener: unknown) {
  if (typeof listener !== 'function') return
  const listeners = loader.listeners.get(occasion) ?? new Set()
  loader.listeners.set(occasion, listeners.add(listener as Listener))
}

export function emit(loader: Loader, occasion: Occasion, value?: number) {
  for (const listener of loader.listeners.get(occasion) ?? []) tell(listener, value)
}

/** A fault in the page's callback is the page's, not ours. */
export function tell(listener: unknown, value?: number) {
  try {
    if (typeof listener === 'function') listener(value)
  } catch (error) {
    complain('a callback threw: ' + String(error))
  }
}
