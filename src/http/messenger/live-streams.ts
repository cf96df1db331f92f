import type { ContactId, ConversationId, SessionId, WorkspaceId } from '#db/columns.ts'
import type { StreamChange } from '#shared/messenger.ts'
import { unreadCount } from '#domain/conversations/conversations.ts'
import { lastVisibleSequences } from '#domain/conversations/conversation-views.ts'
import { eventsAfter, lastEventIdOf, recipientsAfter, type Event } from '#domain/events/events.ts'
import { findStandingSessions } from '#domain/sessions/standing-sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'

const SESSION_CHECK_MS = 2000
const SESSION_CHECK_AT_RING_MS = 200
const AT_ONCE = 200

export interface LiveStream {
  session: SessionId
  contact_id: ContactId
  workspace: Workspace
  /** The newest event that was sent. */
  after: number
  send(id: number, change: StreamChange): void
  end(name: 'session_ended' | 'closing'): void
}

/** The streams of one workspace: a ring reads the log once for all of them, and wakes only those it names. */
interface Room {
  workspace: Workspace
  streams: Map<ContactId, Set<LiveStream>>
  /** How far the log was looked through; each stream reads on from its own `after`. */
  after: number
  checkedAt: number
  stopListening(): void
}

/** Runs one at a time; asked again meanwhile, once more at the end: no wake-up is lost. */
type Turn = 'running' | 'again'

/** All open streams of this process. Sessions that are gone lose theirs within two seconds. */
export class LiveStreams {
  #app: App
  #rooms = new Map<WorkspaceId, Room>()
  #perSession = new Map<SessionId, number>()
  #turns = new WeakMap<object, Turn>()
  #timer: NodeJS.Timeout
  count = 0

  constructor(app: App) {
    this.#app = app
    this.#timer = setInterval(() => {
      for (const room of this.#rooms.values()) void this.#inTurn(room.streams, () => this.#endDead(room))
    }, SESSION_CHECK_MS).unref()
  }

  countOf(session: SessionId): number {
    return this.#perSession.get(session) ?? 0
  }

  /** From here on the stream gets everything after its `after`, first what it has missed. */
  add(stream: LiveStream): void {
    const room = this.#rooms.get(stream.workspace.id) ?? this.#openRoom(stream)
    const own = room.streams.get(stream.contact_id) ?? new Set()
    room.streams.set(stream.contact_id, own.add(stream))
    this.#perSession.set(stream.session, this.countOf(stream.session) + 1)
    this.count += 1
    void this.#inTurn(stream, () => this.#readOn(stream))
  }

  remove(stream: LiveStream): void {
    const room = this.#rooms.get(stream.workspace.id)
    const own = room?.streams.get(stream.contact_id)
    if (!room || !own?.delete(stream)) return
    this.count -= 1
    const left = this.countOf(stream.session) - 1
    if (left > 0) this.#perSession.set(stream.session, left)
    else this.#perSession.delete(stream.session)
    if (own.size === 0) room.streams.delete(stream.contact_id)
    if (room.streams.size > 0) return
    room.stopListening()
    this.#rooms.delete(stream.workspace.id)
  }

  endAll(): void {
    clearInterval(this.#timer)
    for (const room of this.#rooms.values()) for (const stream of streamsOf(room)) stream.end('closing')
  }

  #openRoom({ workspace, after }: LiveStream): Room {
    const stopListening = this.#app.bell.onRing(workspace.id, () => void this.#inTurn(room, () => this.#hear(room)))
    const room: Room = { workspace, streams: new Map(), after, checkedAt: 0, stopListening }
    this.#rooms.set(workspace.id, room)
    return room
  }

  async #hear(room: Room): Promise<void> {
    const last = await lastEventIdOf(this.#app.db, room.workspace)
    const named = last > room.after ? await recipientsAfter(this.#app.db, room.workspace, room.after) : new Set<ContactId>()
    room.after = Math.max(room.after, last)
    for (const contact of named) {
      for (const stream of room.streams.get(contact) ?? []) void this.#inTurn(stream, () => this.#readOn(stream))
    }
    if (performance.now() - room.checkedAt > SESSION_CHECK_AT_RING_MS) await this.#inTurn(room.streams, () => this.#endDead(room))
  }

  async #readOn(stream: LiveStream): Promise<void> {
    const { db } = this.#app
    const { workspace, contact_id, session } = stream
    for (;;) {
      const events = await eventsAfter(db, workspace, { contact_id, after: stream.after, limit: AT_ONCE })
      if (events.length === 0) return
      const standing = await findStandingSessions(db, workspace, [session], this.#app.now())
      if (!standing.has(session)) return stream.end('session_ended')
      const sequences = await this.#sequencesOf(stream, events)
      const unread_count = await unreadCount(db, workspace, contact_id)
      for (const { id, topic, conversation_id } of events) {
        stream.after = id
        const last_sequence = conversation_id === null ? undefined : sequences.get(conversation_id)
        if (last_sequence !== undefined) stream.send(id, { topic, conversation_id: String(conversation_id), last_sequence, unread_count })
      }
    }
  }

  /** Asked per event: a conversation may have moved on to somebody else since, and a ticket's thread is not shown here. */
  async #sequencesOf({ workspace, contact_id }: LiveStream, events: Event[]): Promise<Map<ConversationId, number>> {
    const ids = [...new Set(events.flatMap(({ conversation_id }) => conversation_id ?? []))]
    return lastVisibleSequences(this.#app.db, workspace, contact_id, ids)
  }

  async #endDead(room: Room): Promise<void> {
    room.checkedAt = performance.now()
    const streams = streamsOf(room)
    const standing = await findStandingSessions(
      this.#app.db,
      room.workspace,
      [...new Set(streams.map(({ session }) => session))],
      this.#app.now(),
    )
    for (const stream of streams) if (!standing.has(stream.session)) stream.end('session_ended')
  }

  async #inTurn(what: object, run: () => Promise<void>): Promise<void> {
    if (this.#turns.has(what)) {
      this.#turns.set(what, 'again')
      return
    }
    try {
      do {
        this.#turns.set(what, 'running')
        await run()
      } while (this.#turns.get(what) === 'again')
    } catch (error) {
      this.#app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'a live stream could not read on')
    } finally {
      this.#turns.delete(what)
    }
  }
}

function streamsOf(room: Room): LiveStream[] {
  return [...room.streams.values()].flatMap((streams) => [...streams])
}
