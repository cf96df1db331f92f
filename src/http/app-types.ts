import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Config } from '#config'
import type { Instant, SessionId } from '#db/columns.ts'
import type { Outside } from '#domain/diagnosis/outside.ts'
import type { ProbeNote } from '#domain/diagnosis/probes.ts'
import type { NewSighting } from '#domain/diagnosis/sightings.ts'
import type { Failure } from '#errors'
import type { EventBell } from '#domain/events/event-bell.ts'
import type { Keyring } from '#domain/identity/keyring.ts'
import type { NewLoginDecision } from '#domain/identity/login-log.ts'
import type { InstallationKeys } from '#domain/installation/installation-keys.ts'
import type { OpenId } from '#domain/openid/openid.ts'
import type { Provider } from '#domain/openid/providers.ts'
import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { AtWork } from '#domain/teammates/teammate-sessions.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { Batch } from '#platform/batch/batch.ts'
import type { BoundedCache } from '#platform/cache/bounded-cache.ts'
import type { Db } from '#platform/database/database.ts'
import type { FindTxt } from '#platform/dns/find-txt.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import type { Mailer } from '#platform/mail/mailer.ts'
import type { MinuteLimit } from './middleware/minute-limit.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyInstance {
    db: Db
    config: Config
    encryption: Encryption
    installationKeys: InstallationKeys
    /** Seals what the Messenger carries on pages of another site. */
    bearers: Encryption
    /** Seals the secrets of teammates' authenticator apps. */
    secondSteps: Encryption
    keyring: Keyring
    mailer: Mailer
    /** Rings when the event log has grown. */
    bell: EventBell
    /** Refused tokens, by network and workspace. It is asked only after a refusal, so a valid token always passes. */
    refusals: MinuteLimit
    /** Anonymous sessions and waiting logins, by network: rows that cost a caller nothing. */
    newcomers: MinuteLimit
    /** Lines of the login log about a session that goes on, by session. */
    resumptions: MinuteLimit
    /** Sessions that were used, written together. */
    touches: Batch<[SessionId, Instant]>
    /** Lines of the login log, written together. */
    decisions: Batch<NewLoginDecision>
    /** The one way to addresses that somebody typed. */
    httpClient: HttpClient
    openId: OpenId
    /** The checklist's view of the support hosts from outside. */
    outside: Outside
    /** What became of probe cookies, written together. */
    probes: Batch<ProbeNote>
    /** Probes of browsers that were refused, so that their next success is noted. */
    troubled: BoundedCache<string, true>
    /** What requests proved about the way here, written together. */
    sightings: Batch<NewSighting>
    /** The DNS, for proofs of ownership. */
    findTxt: FindTxt
    now(): Instant
    /** True if a peer's address is one of the configured proxies. */
    isTrustedProxy(address: string | undefined): boolean
  }
  interface FastifyRequest {
    /** The workspace whose host was asked; on the teammates' host it is the API token's, or the teammate's who is signed in. */
    workspace: Workspace
    supportHost: Host
    /** All hosts of the workspace. */
    hosts: readonly Host[]
    /** Origins listed for the workspace. */
    origins: ReadonlySet<string>
    /** OpenID providers of the workspace. */
    providers: readonly Provider[]
    /** Every cookie that came, by name; absent until somebody asks (`middleware/cookies.ts`). */
    cookies: ReadonlyMap<string, readonly string[]> | undefined
    /** What this browser stands as on this host, or null. */
    session: StandingSession | null
    /** What went otherwise than asked without hindering the login: noted with the decision. */
    caveat: Failure | null
    /** The teammate who is signed in, on the teammates' host alone. */
    atWork: AtWork | null
  }
  interface FastifyContextConfig {
    /** Answers a person: errors are HTML, and a user's cookie is issued afresh. */
    page?: boolean
    /** Its address may hold a token, and is never repeated. */
    takesToken?: boolean
    /** The same bytes for everybody: no session is looked up. */
    isStatic?: boolean
    /** Asked by a proxy in the name of another site: a trusted one may say of which host. */
    forwardedHost?: boolean
  }
}
