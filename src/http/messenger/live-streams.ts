import type { ContactId, SessionId, WorkspaceId } from '#db/schema.ts'
import type { StreamChange } from '#shared/messenger.ts'
import { unreadCount } from '#domain/conversations/conversations.ts'
import { eventsAfter, lastEventId, type Event } from '#domain/events/events.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'

const POLL_MS = 250
const SESSION_CHECK_MS = 2000
const IDS_PER_QUERY = 500

export interface LiveStream {
  session: SessionId
  contact_id: ContactId
  workspace: Workspace
  /** The newest event that was sent. */
  after: number
  /** Another run of `catchUp` is under way. */
  busy: boolean
  send(name: 'change', id: number, change: StreamChange): void
  end(name: 'session_ended' | 'closing'): void
}

/**
 * All open streams of this process. A ring, or an event log that grew by another process's hand, makes the streams of that
 * workspace's contacts read on; sessions that are gone lose their streams within two seconds.
 */
export class LiveStreams {
  #app: App
  #byContact = new Map<ContactId, Set<LiveStream>>()
  #bells = new Map<WorkspaceId, { off: () => void; streams: number }>()
  #timers: NodeJS.Timeout[] = []
  #lastId = 0

  constructor(app: App) {
    this.#app = app
  }

  countOf(session: SessionId): number {
    let count = 0
    for (const streams of this.#byContact.values()) for (const stream of streams) if (stream.session === session) count += 1
    return count
  }

  async add(stream: LiveStream): Promise<void> {
    if (this.#timers.length === 0) this.#startTimers()
    const streams = this.#byContact.get(stream.contact_id) ?? new Set()
    this.#byContact.set(stream.contact_id, streams.add(stream))
    const bell = this.#bells.get(stream.workspace.id) ?? { off: this.#app.bell.onRing(stream.workspace.id, () => void this.#readOn()), streams: 0 }
    bell.streams += 1
    this.#bells.set(stream.workspace.id, bell)
    await this.#catchUp(stream)
  }

  remove(stream: LiveStream): void {
    const streams = this.#byContact.get(stream.contact_id)
    if (!streams?.delete(stream)) return
    if (streams.size === 0) this.#byContact.delete(stream.contact_id)
    const bell = this.#bells.get(stream.workspace.id)
    if (bell && (bell.streams -= 1) === 0) {
      bell.off()
      this.#bells.delete(stream.workspace.id)
    }
    if (this.#byContact.size === 0) for (const timer of this.#timers.splice(0)) clearInterval(timer)
  }

  endAll(): void {
    for (const stream of this.#all()) stream.end('closing')
  }

  #startTimers() {
    this.#timers = [
      setInterval(() => void this.#readOn().catch(this.#report), POLL_MS).unref(),
      setInterval(() => void this.#endDead().catch(this.#report), SESSION_CHECK_MS).unref(),
    ]
  }

  /** One look at the log for everybody: only contacts that are named in it are read for. */
  async #readOn(): Promise<void> {
    const last = await lastEventId(this.#app.db)
    if (last === this.#lastId) return
    const since = this.#lastId
    this.#lastId = last
    const named = await this.#app.db.selectFrom('events').select('contact_id').distinct().where('id', '>', since).where('contact_id', 'is not', null).limit(1000).execute()
    for (const { contact_id } of named) {
      for (const stream of (contact_id && this.#byContact.get(contact_id)) || []) await this.#catchUp(stream)
    }
  }

  async #catchUp(stream: LiveStream): Promise<void> {
    if (stream.busy) return
    stream.busy = true
    try {
      for (;;) {
        const events = await eventsAfter(this.#app.db, stream.workspace, stream)
        if (events.length === 0) return
        if (!(await this.#isAlive(stream))) return stream.end('session_ended')
        const unread_count = await unreadCount(this.#app.db, stream.workspace, stream.contact_id)
        for (const event of events) {
          stream.after = event.id
          if (event.conversation_id !== null) stream.send('change', event.id, presentChange(event, unread_count))
        }
      }
    } finally {
      stream.busy = false
    }
  }

  async #isAlive({ session, workspace }: LiveStream): Promise<boolean> {
    const row = await this.#app.db.selectFrom('sessions').select('id').where('workspace_id', '=', workspace.id).where('id', '=', session).where('expires_at', '>', this.#app.now()).executeTakeFirst()
    return row !== undefined
  }

  async #endDead(): Promise<void> {
    const streams = [...this.#all()]
    for (let from = 0; from < streams.length; from += IDS_PER_QUERY) {
      const some = streams.slice(from, from + IDS_PER_QUERY)
      const rows = await this.#app.db.selectFrom('sessions').select('id').where('id', 'in', some.map((stream) => stream.session)).where('expires_at', '>', this.#app.now()).execute()
      const alive = new Set(rows.map((row) => row.id))
      for (const stream of some) if (!alive.has(stream.session)) stream.end('session_ended')
    }
  }

  *#all(): Iterable<LiveStream> {
    for (const streams of this.#byContact.values()) yield* streams
  }

  #report = (error: unknown) => this.#app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'a live stream could not read on')
}

function presentChange(event: Event, unread_count: number): StreamChange {
  // Written by appendEvent, so it is JSON of an object.
  const data = JSON.parse(event.data) as { sequence?: number }
  return { topic: event.topic, conversation_id: String(event.conversation_id), last_sequence: data.sequence ?? 0, unread_count }
}
