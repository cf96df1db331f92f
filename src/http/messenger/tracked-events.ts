import { z } from 'zod'
import { trackEvent } from '#domain/events/tracked-events.ts'
import type { App } from '#http/app-types.ts'
import { fromListedOrigin } from '#http/middleware/listed-origin.ts'
import { limitPerSession } from './limit-per-session.ts'
import { sessionOf } from './session-of.ts'

const MOST_KEYS = 20
const Value = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])
const TrackedEvent = z.object({
  event_name: z.string().trim().min(1).max(120),
  metadata: z
    .record(z.string().max(120), Value)
    .refine((metadata) => Object.keys(metadata).length <= MOST_KEYS, `at most ${MOST_KEYS} keys`)
    .default({}),
})

/** `Intercom('trackEvent')`. Of a visitor nothing is kept before the first message: there is no contact to keep it with. */
export async function trackedEventRoutes(app: App) {
  const hooks = { onRequest: fromListedOrigin, preHandler: limitPerSession(120) }
  app.post('/messenger/events', { ...hooks, schema: { body: TrackedEvent } }, async (request, reply) => {
    const { contact } = sessionOf(request)
    if (contact) await trackEvent(app.db, request.workspace, { contact_id: contact.id, ...request.body }, app.now())
    return reply.code(202).send()
  })
}
