import type { BootAnswer, Destination } from '#shared/messenger.ts'
import type { Panel } from './frame.ts'
import { complain } from './page.ts'
import { readSettings, type Settings } from './settings.ts'
import type { View } from './view.ts'

export type Listener = (value?: number) => void
export type Occasion = 'show' | 'hide' | 'unread'

/** Everything the loader knows about this page. */
export interface Loader {
  readonly origin: string
  readonly view: View
  readonly listeners: [occasion: Occasion, listener: unknown][]
  settings: Settings
  answer?: BootAnswer | undefined
  /** On another site: the newest that a boot answered, carried by the next one too, so that it knows whose session to end. */
  headers?: BootAnswer['headers']
  unread: number
  isOpen?: boolean
  /** Where to go once the boot is answered or the frame is ready. */
  wish?: Destination | undefined
  /** Counts boots and shutdowns: an answer that belongs to an earlier turn is thrown away. */
  turn: number
  abort?: AbortController
  flight?: Promise<void> | undefined
  leaving?: Promise<unknown>
  channel?: BroadcastChannel
  stream?: AbortController | undefined
  updates: number[]
  /** Undefined inside when it could not be fetched. */
  panel?: Promise<Panel | undefined> | undefined
}

export const createLoader = (origin: string, view: View): Loader => ({
  origin,
  view,
  listeners: [],
  settings: readSettings(),
  unread: 0,
  turn: 0,
  updates: [],
})

export const on = (loader: Loader, occasion: Occasion, listener: unknown) => void loader.listeners.push([occasion, listener])

export function emit(loader: Loader, occasion: Occasion, value?: number) {
  for (const [its, listener] of loader.listeners) if (its === occasion) tell(listener, value)
}

/** A fault in the page's callback is the page's, not ours; a callback may also be undefined. */
export function tell(listener: unknown, value?: number) {
  try {
    if (typeof listener === 'function') (listener as Listener)(value)
  } catch (error) {
    complain('your callback threw ' + (error as string))
  }
}
