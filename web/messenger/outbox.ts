import { signal } from '@preact/signals'

/** A message on its way. Its client_id never changes, so that sending it again adds nothing. */
export interface Outgoing {
  client_id: string
  /** A conversation's id, or `new:…` until the first message has made the conversation. */
  thread: string
  body: string
  created_at: number
  state: 'sending' | 'waiting' | 'failed'
  reason?: string
}

export const outbox = signal<Outgoing[]>([])
export const drafts = signal<Record<string, string>>({})

const KEY = 'latchkey:outbox:'
let owner = ''

const storage = (): Storage | undefined => {
  try {
    return sessionStorage
  } catch {
    return undefined
  }
}

/** Takes up what this browser session left unsent; what belonged to somebody else is wiped. */
export function restoreOutbox(visitorId: string) {
  if (owner === visitorId) return
  owner = visitorId
  const store = storage()
  for (const key of Object.keys(store ?? {})) if (key.startsWith(KEY) && key !== KEY + owner) store?.removeItem(key)
  try {
    const kept = JSON.parse(store?.getItem(KEY + owner) ?? '{}') as { outbox?: Outgoing[]; drafts?: Record<string, string> }
    outbox.value = (kept.outbox ?? []).map((message) => ({ ...message, state: message.state === 'failed' ? 'failed' : 'sending' }))
    drafts.value = kept.drafts ?? {}
  } catch {
    outbox.value = []
  }
}

function keep() {
  try {
    storage()?.setItem(KEY + owner, JSON.stringify({ outbox: outbox.value, drafts: drafts.value }))
  } catch {}
}

export function setOutbox(messages: Outgoing[]) {
  outbox.value = messages
  keep()
}

export function setDraft(thread: string, text: string) {
  const { [thread]: _, ...others } = drafts.value
  drafts.value = text ? { ...others, [thread]: text } : others
  keep()
}

export const changeOutgoing = (clientId: string, change: Partial<Outgoing>) =>
  setOutbox(outbox.value.map((message) => (message.client_id === clientId ? { ...message, ...change } : message)))

export const removeOutgoing = (clientId: string) => setOutbox(outbox.value.filter((message) => message.client_id !== clientId))

export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128
  return Array.from(bytes, (byte, at) => ([4, 6, 8, 10].includes(at) ? '-' : '') + byte.toString(16).padStart(2, '0')).join('')
}
