import { computed, signal, type Signal } from '@preact/signals'
import type { StreamChange, WireConversation, WirePart } from '#shared/messenger.ts'
import { listConversations, markSeen, readConversation, RequestFailed } from './api.ts'
import { tellPage } from './page.ts'
import { mergeParts } from './parts.ts'

export type Loading = 'loading' | 'ready' | 'failed' | 'missing'

export interface Thread {
  conversation: WireConversation | undefined
  parts: WirePart[]
  /** Nothing is missing up to this sequence. */
  synced: number
  loading: Loading
}

export const conversations = signal<WireConversation[]>([])
export const listLoading = signal<Loading>('loading')

export const newest = computed(() => conversations.value[0])
export const unreadCount = computed(() => conversations.value.reduce((sum, { unread_count }) => sum + unread_count, 0))

const threads = new Map<string, Signal<Thread>>()
const reading = new Map<string, { again: boolean }>()

export function threadOf(id: string): Signal<Thread> {
  const known = threads.get(id)
  if (known) return known
  const thread = signal<Thread>({ conversation: undefined, parts: [], synced: 0, loading: 'loading' })
  threads.set(id, thread)
  return thread
}

export function forgetEverything() {
  conversations.value = []
  listLoading.value = 'loading'
  threads.clear()
}

export async function loadConversations() {
  try {
    const answer = await listConversations()
    conversations.value = answer.conversations.toSorted((one, other) => other.updated_at - one.updated_at)
    listLoading.value = 'ready'
    tellPage({ latchkey: 'unread', count: answer.unread_count })
    if (answer.conversations.some(({ state }) => state !== 'closed')) tellPage({ latchkey: 'conversation_opened' })
  } catch {
    if (listLoading.value !== 'ready') listLoading.value = 'failed'
  }
}

export function takeConversation(conversation: WireConversation) {
  const others = conversations.value.filter(({ id }) => id !== conversation.id)
  conversations.value = [conversation, ...others].toSorted((one, other) => other.updated_at - one.updated_at)
  const thread = threadOf(conversation.id)
  thread.value = { ...thread.value, conversation }
}

/** Reads what follows the last known part. Two at once become one, and one more. */
export async function syncThread(id: string): Promise<void> {
  const running = reading.get(id)
  if (running) {
    running.again = true
    return
  }
  const turn = { again: false }
  reading.set(id, turn)
  try {
    await readToTheEnd(id)
  } catch (error) {
    const isMissing = error instanceof RequestFailed && [403, 404].includes(error.status)
    const thread = threadOf(id)
    if (isMissing || thread.value.loading !== 'ready') thread.value = { ...thread.value, loading: isMissing ? 'missing' : 'failed' }
  }
  reading.delete(id)
  if (turn.again) await syncThread(id)
}

async function readToTheEnd(id: string) {
  const thread = threadOf(id)
  for (let hasMore = true; hasMore;) {
    const { conversation, parts } = await readConversation(id, thread.value.synced)
    const last = parts.at(-1)?.sequence ?? thread.value.synced
    thread.value = { conversation, parts: mergeParts(thread.value.parts, parts), synced: last, loading: 'ready' }
    takeConversation(conversation)
    hasMore = parts.length > 0 && last < conversation.last_sequence
  }
}

export async function seeThread(id: string) {
  const { conversation, synced } = threadOf(id).value
  if (!conversation || conversation.contact_seen_sequence >= synced) return
  takeConversation({ ...conversation, contact_seen_sequence: synced, unread_count: 0 })
  try {
    const answer = await markSeen(id, synced)
    tellPage({ latchkey: 'unread', count: answer.unread_count })
  } catch {
    const thread = threadOf(id)
    if (thread.value.conversation) thread.value = { ...thread.value, conversation }
  }
}

export function hearChange(change: StreamChange) {
  const thread = threads.get(change.conversation_id)
  const isKnown = thread && thread.value.loading === 'ready'
  if (isKnown) void syncThread(change.conversation_id)
  else void loadConversations()
}

export function resync() {
  void loadConversations()
  for (const [id, thread] of threads) if (thread.value.loading === 'ready') void syncThread(id)
}
