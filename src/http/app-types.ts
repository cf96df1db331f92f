import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Instant } from '#db/schema.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { EventBell } from '#domain/events/event-bell.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { Config } from '#config'

export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

declare module 'fastify' {
  interface FastifyInstance {
    db: Db
    config: Config
    encryption: Encryption
    /** Rings when the event log has grown. */
    bell: EventBell
    now(): Instant
  }
  interface FastifyRequest {
    /** The workspace whose host was asked; on the teammates' host it is the API token's. */
    workspace: Workspace
    supportHost: Host
    /** What this browser stands as on this host, or null. Set on every support-host route. */
    session: StandingSession | null
  }
}
