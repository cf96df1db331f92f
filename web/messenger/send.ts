import type { NewPartAnswer } from '#shared/messenger.ts'
import { addPart, RequestFailed, startConversation } from './api.ts'
import { syncThread, takeConversation, threadOf } from './conversations.ts'
import { changeOutgoing, drafts, outbox, removeOutgoing, setDraft, setOutbox, uuid, type Outgoing } from './outbox.ts'
import { tellPage } from './page.ts'
import { mergeParts, syncedWith } from './parts.ts'
import { isNew, renameThread } from './routes.ts'

export const MAX_LENGTH = 10_000

/** Threads with a message on its way: one at a time, so that their order holds. */
const busy = new Set<string>()

export function sendMessage(thread: string, text: string) {
  const body = text.trim()
  if (!body || body.length > MAX_LENGTH) return
  setOutbox([...outbox.value, { client_id: uuid(), thread, body, created_at: Date.now(), state: 'sending' }])
  setDraft(thread, '')
  void flush(thread)
}

export function retry({ client_id, thread }: Outgoing) {
  changeOutgoing(client_id, { state: 'sending' })
  void flush(thread)
}

export function flushAll() {
  for (const thread of new Set(outbox.value.map((message) => message.thread))) void flush(thread)
}

const nextOf = (thread: string) => outbox.value.find((message) => message.thread === thread && message.state !== 'failed')

/** Sends a thread's messages in order until none is left or one cannot be sent. */
async function flush(first: string) {
  let thread = first
  if (busy.has(thread)) return
  busy.add(thread)
  for (let failures = 0, next = nextOf(thread); next; next = nextOf(thread)) {
    try {
      thread = deliver(next, await post(next))
      failures = 0
    } catch (error) {
      const failed = error instanceof RequestFailed ? error : new RequestFailed(400, String(error))
      if (!failed.isWorthRetrying) changeOutgoing(next.client_id, { state: 'failed', reason: failed.message })
      else if (++failures > 6) failFrom(thread)
      else {
        changeOutgoing(next.client_id, { state: failures > 1 ? 'waiting' : 'sending' })
        await pause(failures)
      }
    }
  }
  busy.delete(thread)
}

const post = ({ thread, client_id, body }: Outgoing) =>
  isNew(thread) ? startConversation({ client_id, body }) : addPart(thread, { client_id, body })

const failFrom = (thread: string) =>
  setOutbox(outbox.value.map((message) => (message.thread === thread ? { ...message, state: 'failed' } : message)))

/** Puts the sent part in its place; answers the thread's lasting id. */
function deliver(message: Outgoing, { conversation, part }: NewPartAnswer): string {
  const { id } = conversation
  const thread = threadOf(id)
  const { parts, synced } = thread.value
  thread.value = { conversation, parts: mergeParts(parts, [part]), synced: syncedWith(synced, part), loading: 'ready' }
  removeOutgoing(message.client_id)
  takeConversation(conversation)
  if (message.thread !== id) settle(message.thread, id)
  if (thread.value.synced < conversation.last_sequence) void syncThread(id)
  return id
}

function settle(from: string, to: string) {
  busy.delete(from)
  busy.add(to)
  setOutbox(outbox.value.map((message) => (message.thread === from ? { ...message, thread: to } : message)))
  setDraft(to, drafts.value[from] ?? '')
  setDraft(from, '')
  renameThread(from, to)
  tellPage({ latchkey: 'conversation_opened' })
}

/** Waits longer after each failure, but no longer than until the network is back. */
const pause = (failures: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(done, Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random()))
    function done() {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    addEventListener('online', done)
  })
