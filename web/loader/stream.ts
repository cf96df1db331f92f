import type { BootAnswer, StreamChange } from '#shared/messenger.ts'
import { backoff, bare } from './page.ts'
import { readEvents, type ServerEvent } from './sse.ts'

export interface Listening {
  origin: string
  /** Tabs of the same visitor share one stream. */
  boot: BootAnswer
  signal: AbortSignal
  hear: (event: 'change' | 'resync' | 'session_ended', said: StreamChange) => void
}

interface Reader extends Listening {
  lastId: string
  tabs: BroadcastChannel
}

const HEARTBEAT_LOST = 70_000

/** One stream for all tabs: whoever holds the lock reads it and shares it, the others wait their turn. Without locks each reads its own. */
export async function readForAllTabs(listening: Listening) {
  const { signal, boot } = listening
  const name = 'latchkey:' + boot.visitor_id
  const reader: Reader = { ...listening, lastId: '', tabs: new BroadcastChannel(name) }
  reader.tabs.onmessage = ({ data }: MessageEvent<ServerEvent>) => hear(reader, data)
  signal.addEventListener('abort', () => reader.tabs.close())
  while (!signal.aborted) {
    const turn = untilHidden(signal)
    const lead = () => read(reader, turn)
    const { locks } = navigator
    await (locks ? locks.request(name, { signal: turn }, lead) : lead()).catch(() => {})
    if (!signal.aborted) await untilShown()
  }
}

/** A held lock keeps a page out of the back/forward cache: let go when the page is left, take it up again on return. */
function untilHidden(signal: AbortSignal): AbortSignal {
  const hidden = new AbortController()
  addEventListener('pagehide', () => hidden.abort(), bare({ once: true }))
  return AbortSignal.any([signal, hidden.signal])
}

const untilShown = () => new Promise((resolve) => addEventListener('pageshow', resolve, bare({ once: true })))

async function read(reader: Reader, turn: AbortSignal) {
  for (let failures = 0; !turn.aborted; failures++) {
    if (failures) await pause(backoff(failures), turn)
    if (!turn.aborted && (await readOnce(reader, turn).catch(() => false))) failures = 0
  }
}

/** Reads one connection to its end; true when it was a good one. */
async function readOnce(reader: Reader, turn: AbortSignal): Promise<boolean> {
  const silence = new AbortController()
  const watch = () => setTimeout(() => silence.abort(), HEARTBEAT_LOST)
  let timer = watch()
  const since = reader.lastId
  let isGood = false
  try {
    const response = await fetch(`${reader.origin}/messenger/stream${since && '?after=' + encodeURIComponent(since)}`, {
      credentials: 'include',
      headers: bare(reader.boot.headers) as Record<string, string>,
      signal: AbortSignal.any([turn, silence.signal]),
    })
    if (response.status === 401) share(reader, { event: 'session_ended', data: '', id: '' })
    if (!response.ok || !response.body) return false
    for await (const message of readEvents(response.body)) {
      isGood = true
      clearTimeout(timer)
      timer = watch()
      if (!turn.aborted && message.event) share(reader, message.event === 'ready' ? asNews(message, since) : message)
    }
  } catch {}
  clearTimeout(timer)
  return isGood
}

/** A first stream starts "now": what happened between the boot and now is fetched, not guessed. */
function asNews(ready: ServerEvent, since: string): ServerEvent {
  const { last_event_id: id = since } = JSON.parse(ready.data || '{}') as { last_event_id?: string | number }
  return since ? { ...ready, id: since } : { event: 'resync', data: ready.data, id: String(id) }
}

function share(reader: Reader, message: ServerEvent) {
  reader.tabs.postMessage(message)
  hear(reader, message)
}

function hear(reader: Reader, { event, data, id }: ServerEvent) {
  if (reader.signal.aborted) return
  reader.lastId = id || reader.lastId
  if (event === 'change' || event === 'resync' || event === 'session_ended') reader.hear(event, JSON.parse(data || '{}') as StreamChange)
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => resolve(), bare({ once: true }))
  })
