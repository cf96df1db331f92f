import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import type { LoginDecision } from '#domain/identity/login-log.ts'
import { RefusedJwt } from '#domain/identity/user-jwt.ts'
import { readCookie } from './cookies.ts'
import { networkOf } from './network.ts'

const USER_ID_SHOWN = 255
/** A hint may quote what came, such as an Origin. */
const HINT_SHOWN = 600

export interface Decision {
  door: string
  outcome: LoginDecision['outcome']
  platform?: string
  kid?: string | undefined
  user_id?: string | null | undefined
  /** Why it was refused, or let pass as no more than a claim. */
  refusal?: Failure | undefined
  /** What may be worth knowing where nothing was refused. */
  hint?: string | undefined
  token_age_ms?: number | null
}

/** Writes one line of the login log; the token itself is never part of it. */
export function logDecision(request: FastifyRequest, decision: Decision): void {
  const refusal = decision.refusal ?? request.caveat
  noteAttempt(request, decision)
  if (isOneOfTooMany(request, decision.outcome)) return
  request.server.decisions.add({
    workspace_id: request.workspace.id,
    at: request.server.now(),
    door: decision.door,
    origin: originOf(request),
    platform: decision.platform ?? 'web',
    kid: decision.kid ?? null,
    user_id: storable(decision.user_id, USER_ID_SHOWN),
    outcome: decision.outcome,
    code: refusal?.code ?? null,
    hint: storable(refusal?.hint ?? decision.hint, HINT_SHOWN),
    request_id: request.id,
    token_age_ms: decision.kid === undefined ? null : (decision.token_age_ms ?? null),
  })
}

/** Our own Continue page posts without one; only at the boot does "null" say something. */
function originOf({ headers: { origin }, url }: FastifyRequest): string | null {
  return origin === undefined || (origin === 'null' && !url.startsWith('/messenger/')) ? null : origin.slice(0, 255)
}

/** What nobody has proved may be any text, of any length. */
function storable(text: string | null | undefined, most: number): string | null {
  return text?.replaceAll('\0', '').slice(0, most).toWellFormed() ?? null
}

/** One browser's repeat boots must not push everybody else's lines out of the log. */
function isOneOfTooMany({ session, server }: FastifyRequest, outcome: LoginDecision['outcome']): boolean {
  return outcome === 'resumed' && session !== null && server.resumptions.isPassed(session.id, server.now())
}

/** So that /login/status can tell a browser how its own last attempt ended. A repeat boot, which is most of them, writes nothing. */
function noteAttempt(
  request: FastifyRequest,
  { outcome, refusal }: { outcome: LoginDecision['outcome']; refusal?: Failure | undefined },
): void {
  const reference = readCookie(request, 'probe')
  if (reference === undefined || (outcome === 'resumed' && request.server.troubled.get(reference) === undefined)) return
  const { probes, troubled, now } = request.server
  if (outcome === 'refused') troubled.set(reference, true)
  probes.add({ is: 'attempt', workspace_id: request.workspace.id, reference, outcome, code: refusal?.code ?? null, at: now() })
}

/** Logs a refusal with its precise code, after counting it against the address it came from: a flood must not push the rest out of the log. */
export function logRefusal(
  request: FastifyRequest,
  door: string,
  refusal: unknown,
  said: { platform?: string; user_id?: string | undefined; token_age_ms?: number | null } = {},
): void {
  if (!(refusal instanceof Failure)) return
  request.server.refusals.count(`${networkOf(request.ip)} ${request.workspace.app_id}`, request.server.now())
  const jwt = refusal instanceof RefusedJwt ? refusal : undefined
  logDecision(request, {
    door,
    outcome: 'refused',
    refusal,
    kid: jwt?.kid,
    user_id: jwt?.claimed ?? said.user_id,
    token_age_ms: said.token_age_ms ?? null,
    ...(said.platform && { platform: said.platform }),
  })
}

/** For a door's `catch`: logs the refusal and passes it on. */
export function refusedAt(request: FastifyRequest, door: string): (refusal: unknown) => never {
  return (refusal) => {
    logRefusal(request, door, refusal)
    throw refusal
  }
}
