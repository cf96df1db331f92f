import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { unreadCount } from '#domain/conversations/conversations.ts'
import { isPruned, lastEventIdOf } from '#domain/events/events.ts'
import { watchEventLog } from '#domain/events/watch-event-log.ts'
import type { App } from '#http/app-types.ts'
import { fromListedOrigin } from '#http/middleware/listed-origin.ts'
import { limitPerSession } from './limit-per-session.ts'
import { LiveStreams, type LiveStream } from './live-streams.ts'
import { sessionOf } from './session-of.ts'

const HEARTBEAT_MS = 25_000
const MOST_PER_SESSION = 10
const MOST_STREAMS = 20_000
const MOST_BUFFERED = 1_048_576
const RETRY_S = 5

const Resume = z.object({ after: z.coerce.number().int().min(0).optional() })

/** Server-sent events (HTML standard §9.2) of what concerns this session's contact; ids only, never words. */
export async function streamRoutes(app: App) {
  const streams = new LiveStreams(app)
  let stopWatching = async () => {}
  app.addHook('onListen', async () => {
    stopWatching = watchEventLog(app.db, app.bell, (error) =>
      app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'the event log could not be watched'),
    )
  })
  app.addHook('preClose', async () => {
    streams.endAll()
    await stopWatching()
  })
  app.get(
    '/messenger/stream',
    { onRequest: fromListedOrigin, preHandler: limitPerSession(60), schema: { querystring: Resume } },
    async (request, reply) => {
      const session = sessionOf(request)
      const contact_id = session.contact?.id ?? session.visitor_id
      const { after, isLost } = await startingPoint(app, request)
      const unread_count = await unreadCount(app.db, request.workspace, contact_id)
      if (streams.countOf(session.id) >= MOST_PER_SESSION || streams.count >= MOST_STREAMS)
        throw new Failure('rate_limit_exceeded', { retryAfter: RETRY_S })
      if (reply.raw.destroyed) return reply.hijack()
      const out = openEventStream(reply)
      const start = { last_event_id: after, unread_count }
      write(out, 'ready', start, after)
      if (isLost) write(out, 'resync', start, after)
      const stream: LiveStream = {
        session: session.id,
        contact_id,
        workspace: request.workspace,
        after,
        send: (id, change) => write(out, 'change', change, id),
        end(name) {
          write(out, name, {})
          out.end()
          streams.remove(stream)
        },
      }
      const heartbeat = setInterval(() => out.writableEnded || out.write(':\n\n'), HEARTBEAT_MS).unref()
      out.once('close', () => {
        clearInterval(heartbeat)
        streams.remove(stream)
      })
      streams.add(stream)
      return reply
    },
  )
}

/** An id that the log no longer reaches, or never reached, cannot be resumed from. */
async function startingPoint(
  app: App,
  request: FastifyRequest<{ Querystring: z.output<typeof Resume> }>,
): Promise<{ after: number; isLost: boolean }> {
  const header = /^\d{1,15}$/.exec(String(request.headers['last-event-id'] ?? ''))
  const asked = header ? Number(header[0]) : request.query.after
  const last = await lastEventIdOf(app.db, request.workspace)
  if (asked === undefined) return { after: last, isLost: false }
  const isLost = asked > last || (await isPruned(app.db, request.workspace, asked))
  return { after: isLost ? last : asked, isLost }
}

type Out = FastifyReply['raw']

/** Who does not read is cut, and resumes with the id it has. */
function write(out: Out, event: string, data: object, id?: number) {
  if (out.writableEnded || out.destroyed) return
  out.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  if (out.writableLength > MOST_BUFFERED) out.destroy()
}

/** Takes the socket over from Fastify; the headers set so far (CORS among them) still go out. */
function openEventStream(reply: FastifyReply): Out {
  const { raw } = reply
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  }
  reply.hijack()
  raw.on('error', () => {})
  raw.writeHead(200, headers as Record<string, string>)
  raw.flushHeaders()
  return raw
}
