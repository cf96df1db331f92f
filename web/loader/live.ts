import type { StreamChange } from '#shared/messenger.ts'
import type { Loader } from './loader.ts'
import { warn } from './page.ts'
import { clear, setUnread, tellPanel } from './panel.ts'

type Event = 'change' | 'resync' | 'session_ended'

/** Tabs tell each other who has left and who has something live: `[contact, isLeaving]`. On another site the tabs of one person have a session each. */
export function joinTabs(loader: Loader, appId: string) {
  loader.channel ??= new BroadcastChannel('latchkey:' + appId)
  loader.channel.onmessage = ({ data: [who, isLeaving] }: MessageEvent<[string, boolean]>) => {
    if (who === loader.answer?.contact.id) (isLeaving ? clear : listen)(loader)
  }
}

export const tellTabs = ({ channel, answer }: Loader, isLeaving: boolean) => channel?.postMessage([answer?.contact.id, isLeaving])

/** Only with an open conversation: the part that reads the stream is fetched then, not before. */
export function listen(loader: Loader) {
  const { origin, answer } = loader
  if (loader.stream || !answer) return
  const { signal } = (loader.stream = new AbortController())
  const hear = (event: Event, said: StreamChange) => {
    if (event === 'session_ended') return clear(loader)
    setUnread(loader, said.unread_count)
    tellPanel(loader, (panel) => panel.send({ latchkey: event, change: said }))
  }
  tellTabs(loader, false)
  import(/* @vite-ignore */ origin + '/messenger-live.js')
    .then(({ readForAllTabs }: typeof import('./stream.ts')) => readForAllTabs({ origin, boot: answer, signal, hear }))
    .catch(warn)
}
