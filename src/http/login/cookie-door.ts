import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import { hashOf } from '#platform/ids/ids.ts'
import { isSamePerson, resolveWho } from '#domain/identity/identify-contact.ts'
import { COOKIE_DOOR, signInByCookie, verifyCookie, type CookieUser } from '#domain/identity/cookie-logins.ts'
import { refuseUsedToken } from '#domain/identity/used-tokens.ts'
import { peekUserId } from '#domain/identity/token-peek.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import { listCookies, setSessionCookie } from '#http/middleware/cookies.ts'
import { logDecision, logRefusal } from '#http/middleware/decisions.ts'
import { deviceOf } from '#http/middleware/device.ts'
import { endPause, isPaused } from '#http/middleware/pause.ts'
import { safeReturnTo } from './return-to.ts'
import { signInOrAsk } from './sign-in-or-ask.ts'

const NAME = 'latchkey_user_jwt'
const REMEMBERED = 10_000
/** The same refused cookie comes with every page; one row says it. */
const ROW_EVERY_MS = 3_600_000

/** Door 5: on a page that is opened without a session, the cookie that the app has set on the parent domain. It never keeps a page from opening. */
export function cookieDoorHook() {
  const logged = boundedCache<string, number>(REMEMBERED)
  const asked = boundedCache<string, true>(REMEMBERED)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const tokens = (await isOpen(request)) ? tokensOf(request) : []
    const [token = ''] = tokens
    if (token === '' || isSignedInAs(request, token)) return undefined
    try {
      if (tokens.length > 1) throw new Failure('user_jwt_cookie_twice')
      if (request.session && isVouchedFor(request.session)) return await askOnce(request, reply, token, asked)
      await signInHere(request, reply, token)
    } catch (refusal) {
      noteOnce(request, token, refusal, logged)
    }
    return undefined
  }
}

/** Who has signed out in this browser by hand stays out until they click "Sign in", which is `/login`. */
async function isOpen(request: FastifyRequest): Promise<boolean> {
  const { workspace, method, routeOptions } = request
  if (workspace.cookie_door !== 1 || method !== 'GET' || routeOptions.config.page !== true) return false
  return routeOptions.url === '/login' || !(await isPaused(request))
}

/** `__Secure-` promises https; only on this machine's own names can it be left out. */
function tokensOf(request: FastifyRequest): readonly string[] {
  const { protocol, hostname } = new URL(request.supportHost.origin)
  if (protocol === 'https:') return listCookies(request, `__Secure-${NAME}`)
  return /^(?:.+\.)?localhost$/.test(hostname) ? listCookies(request, NAME) : []
}

function isSignedInAs({ session }: FastifyRequest, token: string): boolean {
  return session?.kind === 'user' && session.contact?.external_id === peekUserId(token)
}

async function signInHere(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
  const { db, keyring, installationKeys, now } = request.server
  const user = await verifyCookie(keyring, request.workspace, token, now())
  const secret = installationKeys.cookieSessionSecret(token)
  const browser = { platform: 'web' as const, device: deviceOf(request), standing: request.session, host: request.supportHost }
  const doorway = { door: COOKIE_DOOR, ...browser, visitorFollows: false, secret, now: now() }
  const { session, contact, isNew } = await signInByCookie(db, request.workspace, user, doorway)
  // While the request still shows what its cookie was.
  await endPause(request, reply)
  request.session = { ...session, contact }
  setSessionCookie(reply, secret)
  if (isNew) logDecision(request, { door: COOKIE_DOOR, outcome: 'signed_in', kid: user.key.row.kid, user_id: user.user_id })
  await keyring.noteUse(user.key, now())
}

/** Somebody else is signed in here: the person decides, once for each token. */
async function askOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  asked: ReturnType<typeof boundedCache<string, true>>,
): Promise<FastifyReply | undefined> {
  const { db, keyring, now } = request.server
  const key = `${request.session?.id}/${hashOf(token)}`
  if (asked.get(key) || request.headers['sec-fetch-dest'] !== 'document') return undefined
  const user: CookieUser = await verifyCookie(keyring, request.workspace, token, now())
  await refuseUsedToken(db, request.workspace, user.oneTimeUse)
  asked.set(key, true)
  const who = await resolveWho(db, request.workspace, user.who)
  if (request.session?.contact && isSamePerson(request.session.contact, who)) return undefined
  return signInOrAsk(request, reply, {
    door: COOKIE_DOOR,
    vouched: { who, key: user.key.row, oneTimeUse: user.oneTimeUse },
    payload: user.payload,
    return_to: safeReturnTo(request, request.url),
    state: undefined,
    fromOwnPage: false,
  })
}

function noteOnce(request: FastifyRequest, token: string, refusal: unknown, logged: ReturnType<typeof boundedCache<string, number>>): void {
  if (!(refusal instanceof Failure)) throw refusal
  const key = `${request.workspace.id}/${refusal.code}/${refusal.code === 'user_jwt_cookie_twice' ? request.ip : hashOf(token)}`
  const now = request.server.now()
  if (now - (logged.get(key) ?? -Infinity) < ROW_EVERY_MS) return
  logged.set(key, now)
  try {
    logRefusal(request, COOKIE_DOOR, refusal, { user_id: peekUserId(token) })
  } catch (limit) {
    // Too many refusals from this address: no row, and no matter for the page.
    if (!(limit instanceof Failure)) throw limit
  }
}
