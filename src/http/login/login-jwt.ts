import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { keepPendingLogin } from '#domain/identity/pending-logins.ts'
import { signIn, type Vouched } from '#domain/identity/sign-in.ts'
import { refuseUsedToken } from '#domain/identity/used-tokens.ts'
import { verifyUserJwt, type VerifiedUser } from '#domain/identity/user-jwt.ts'
import { WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import { clearCookie, readCookie, setCookie } from '#http/middleware/cookies.ts'
import { logDecision, logRefusal } from '#http/middleware/decisions.ts'
import { deviceOf } from '#http/middleware/device.ts'
import { isAllowed } from '#http/middleware/listed-origin.ts'
import type { App } from '#http/app-types.ts'
import { safeReturnTo } from './return-to.ts'

const DOOR = 'login_jwt'
/** Addresses end up in histories and logs with limits of their own. */
const MAX_TOKEN_IN_ADDRESS = 6 * 1024
const LIFETIME_SECONDS = 300
const WAITS_SECONDS = 300

const Login = z.object({ jwt: z.string().min(1), return_to: z.string().optional(), state: z.string().max(200).optional() })
type Login = z.output<typeof Login>

/** Door 2: the app's backend sends its user here with a token that works once. */
export async function loginJwtRoutes(app: App) {
  app.get('/login/jwt', { config: { page: true }, onRequest: hideToken, schema: { querystring: Login } }, async (request, reply) => {
    if (request.query.jwt.length > MAX_TOKEN_IN_ADDRESS) return refuse(request, new Failure('user_jwt_too_large'))
    return openDoor(request, reply, request.query)
  })
  app.post('/login/jwt', { config: { page: true }, onRequest: hideToken, schema: { body: Login } }, async (request, reply) =>
    openDoor(request, reply, request.body),
  )
}

async function openDoor(request: FastifyRequest, reply: FastifyReply, { jwt, return_to, state }: Login): Promise<FastifyReply> {
  const user = await verify(request, jwt).catch((refusal: unknown) => refuse(request, refusal))
  const returnTo = safeReturnTo(request, return_to)
  const fromListedOrigin = request.headers.origin !== undefined && isAllowed(request, request.headers.origin)
  if (isCrossSitePost(request)) return wait(request, reply, user, { returnTo, state, fromListedOrigin })
  const stateMatches = state !== undefined && state === readCookie(request, 'state')
  if (!maySignInSilently(request, user.user_id, { stateMatches, fromListedOrigin }))
    return wait(request, reply, user, { returnTo, state, fromListedOrigin: false })
  const vouched: Vouched = { user_id: user.user_id, signed: user.claims, unsigned: undefined, key: user.key.row, oneTimeUse: user }
  return finishLogin(request, reply, vouched, { returnTo, visitorFollows: stateMatches })
}

/** Signs in, sets the cookie and leads to a clean address. */
export async function finishLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  vouched: Vouched,
  { returnTo, visitorFollows }: { returnTo: string; visitorFollows: boolean },
): Promise<FastifyReply> {
  await hideToken(request, reply)
  const { db, now } = request.server
  try {
    const doorway = {
      door: DOOR,
      platform: 'web' as const,
      device: deviceOf(request),
      standing: request.session,
      visitorFollows,
      now: now(),
    }
    const { secret, contact } = await signIn(db, request.workspace, vouched, doorway)
    const value = secret ?? readCookie(request, 'session')
    if (value !== undefined) setCookie(reply, 'session', value, WHOLE_LIFE / 1000)
    for (const use of ['state', 'continue', 'paused'] as const) if (readCookie(request, use) !== undefined) clearCookie(reply, use)
    logDecision(request, { door: DOOR, outcome: 'signed_in', kid: vouched.key.kid, user_id: contact.external_id })
  } catch (refusal) {
    logRefusal(request, DOOR, refusal, { user_id: vouched.user_id })
    throw refusal
  }
  return reply.redirect(returnTo, 303)
}

/** Login CSRF: silent only if nobody else stands here and our own state came back, or a listed origin sent the form. */
export function maySignInSilently(
  request: FastifyRequest,
  user_id: string,
  { stateMatches, fromListedOrigin }: { stateMatches: boolean; fromListedOrigin: boolean },
): boolean {
  const { session } = request
  const isSomebodyElse = session?.kind === 'user' && session.contact?.external_id !== user_id
  if (isSomebodyElse) return false
  return stateMatches || (fromListedOrigin && readCookie(request, 'paused') === undefined)
}

async function verify(request: FastifyRequest, jwt: string): Promise<VerifiedUser> {
  const { db, keyring, now } = request.server
  const user = await verifyUserJwt(keyring, request.workspace, jwt, {
    platform: 'web',
    oneTime: true,
    maxLifetime: LIFETIME_SECONDS,
    now: now(),
  })
  await refuseUsedToken(db, request.workspace, user)
  await keyring.noteUse(user.key, now())
  return user
}

/** The verified login waits on the server; the browser gets a code in a cookie and no token. */
async function wait(
  request: FastifyRequest,
  reply: FastifyReply,
  user: VerifiedUser,
  { returnTo, state, fromListedOrigin }: { returnTo: string; state: string | undefined; fromListedOrigin: boolean },
): Promise<FastifyReply> {
  const { db, newcomers, now } = request.server
  newcomers.count(request.ip, now())
  const code = await keepPendingLogin(db, request.workspace, user, {
    payload: user.payload,
    return_to: returnTo,
    state: state ?? null,
    fromListedOrigin,
    now: now(),
  })
  setCookie(reply, 'continue', code, WAITS_SECONDS)
  logDecision(request, { door: DOOR, outcome: 'waiting', kid: user.key.row.kid, user_id: user.user_id })
  return reply.redirect('/login/continue', 303)
}

/** Our Lax cookies do not travel on such a request, so nothing can be said about who stands here. */
function isCrossSitePost(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.headers['sec-fetch-site'] === 'cross-site'
}

function refuse(request: FastifyRequest, refusal: unknown): never {
  logRefusal(request, DOOR, refusal)
  throw refusal
}

async function hideToken(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
}
