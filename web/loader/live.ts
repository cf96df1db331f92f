import type { StreamChange } from '#shared/messenger.ts'
import type { Loader } from './loader.ts'
import { backoff, sleep } from './page.ts'
import { clear, send, setUnread } from './panel.ts'
import { readEvents, type ServerEvent } from './sse.ts'

/** What tabs of one browser tell each other. */
type Shared = { from: string; event: string; data: string; id: string }

const HEARTBEAT_LOST = 70_000

/** Opens the tabs' channel once the workspace is known. */
export function joinTabs(loader: Loader, appId: string) {
  const name = 'latchkey:' + appId
  if (loader.channel?.name === name) return
  loader.channel?.close()
  try {
    loader.channel = new BroadcastChannel(name)
    loader.channel.onmessage = ({ data }: MessageEvent<Shared>) => {
      if (data?.from === loader.answer?.visitor_id && data.from) hear(loader, data)
    }
  } catch {}
}

export function share(loader: Loader, message: ServerEvent) {
  if (loader.answer) loader.channel?.postMessage({ from: loader.answer.visitor_id, ...message } satisfies Shared)
}

/** One stream for all tabs: whoever holds the lock reads it, the others wait their turn. */
export function listen(loader: Loader) {
  if (loader.stream || !loader.answer) return
  const { signal } = (loader.stream = new AbortController())
  const lead = () => readStream(loader, signal)
  const { locks } = navigator
  if (locks) locks.request('latchkey:' + loader.answer.visitor_id, { signal }, lead).catch(() => {})
  else void lead()
}

async function readStream(loader: Loader, signal: AbortSignal) {
  for (let failures = 0; !signal.aborted; failures++) {
    if (failures) await sleep(backoff(failures), signal)
    const connection = new AbortController()
    const hangUp = () => connection.abort()
    signal.addEventListener('abort', hangUp)
    let watch = setTimeout(hangUp, HEARTBEAT_LOST)
    try {
      const after = loader.lastEventId && '?after=' + encodeURIComponent(loader.lastEventId)
      const response = await fetch(`${loader.origin}/messenger/stream${after}`, { credentials: 'include', signal: connection.signal })
      if (response.status === 401) return pass(loader, { event: 'session_ended', data: '', id: '' })
      for await (const message of readEvents(response.ok && response.body ? response.body : new ReadableStream({ start: (c) => c.close() }))) {
        failures = 0
        clearTimeout(watch)
        watch = setTimeout(hangUp, HEARTBEAT_LOST)
        if (!signal.aborted) pass(loader, message)
      }
    } catch {}
    clearTimeout(watch)
    hangUp()
  }
}

function pass(loader: Loader, message: ServerEvent) {
  if (!message.event) return
  // The first stream starts "now": what happened between the boot and now is fetched, not guessed.
  if (message.event === 'ready' && !loader.lastEventId) message = { ...message, event: 'resync', id: String(parse(message).last_event_id ?? '') }
  share(loader, message)
  hear(loader, message)
}

type Said = Partial<StreamChange> & { last_event_id?: string | number }

const parse = ({ data }: ServerEvent) => (data ? JSON.parse(data) : {}) as Said

function hear(loader: Loader, message: ServerEvent) {
  if (message.event === 'session_ended') return clear(loader)
  const data = parse(message)
  if (message.id) loader.lastEventId = String(message.id)
  setUnread(loader, data.unread_count)
  if (message.event === 'change') send(loader, { latchkey: 'change', change: data as StreamChange })
  if (message.event === 'resync') send(loader, { latchkey: 'resync' })
  listen(loader)
}
