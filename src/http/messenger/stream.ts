import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { isPruned, lastEventId } from '#domain/events/events.ts'
import type { App } from '#http/app-types.ts'
import { fromListedOrigin } from '#http/middleware/listed-origin.ts'
import { sessionOf } from './conversations.ts'
import { LiveStreams, type LiveStream } from './live-streams.ts'

const HEARTBEAT_MS = 25_000
const MOST_PER_SESSION = 10
const MOST_BUFFERED = 1_048_576

const Resume = z.object({ after: z.coerce.number().int().min(0).optional() })

/** Server-sent events (HTML standard §9.2) of what concerns this session's contact; ids only, never words. */
export async function streamRoutes(app: App) {
  const streams = new LiveStreams(app)
  app.addHook('preClose', async () => streams.endAll())
  app.get('/messenger/stream', { preHandler: fromListedOrigin, schema: { querystring: Resume } }, async (request, reply) => {
    const session = sessionOf(request)
    if (streams.countOf(session.id) >= MOST_PER_SESSION) throw new Failure('rate_limit_exceeded', { retryAfter: 5 })
    const asked = resumeFrom(request)
    const last = await lastEventId(app.db)
    const isLost = asked !== undefined && (asked > last || (await isPruned(app.db, request.workspace, asked)))
    const after = asked === undefined || isLost ? last : asked
    const out = openEventStream(reply)
    const stream: LiveStream = {
      session: session.id, contact_id: session.contact?.id ?? session.visitor_id, workspace: request.workspace, after, busy: false,
      send: (name, id, data) => {
        out.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
        // Who does not read is cut, and catches up with the id it has.
        if (out.writableLength > MOST_BUFFERED) out.destroy()
      },
      end: (name) => out.end(`event: ${name}\ndata: {}\n\n`),
    }
    out.write(`id: ${after}\nevent: ready\ndata: ${JSON.stringify({ last_event_id: after })}\n\n`)
    if (isLost) out.write('event: resync\ndata: {}\n\n')
    const heartbeat = setInterval(() => out.write(':\n\n'), HEARTBEAT_MS).unref()
    out.once('close', () => {
      clearInterval(heartbeat)
      streams.remove(stream)
    })
    await streams.add(stream)
  })
}

function resumeFrom(request: FastifyRequest<{ Querystring: z.output<typeof Resume> }>): number | undefined {
  const header = Number(request.headers['last-event-id'] ?? Number.NaN)
  return Number.isSafeInteger(header) && header >= 0 ? header : request.query.after
}

/** Takes the socket over from Fastify; the headers set so far (CORS among them) still go out. */
function openEventStream(reply: FastifyReply) {
  const { raw } = reply
  const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'private, no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' }
  reply.hijack()
  raw.writeHead(200, headers as Record<string, string>)
  raw.flushHeaders()
  return raw
}
