import type { FastifyReply, FastifyRequest } from 'fastify'
import { compareSites } from '#domain/diagnosis/same-site.ts'
import { keepPendingLogin, vouchedOf, WAITS_MS, type Arrival } from '#domain/identity/pending-logins.ts'
import { isSamePerson } from '#domain/identity/identify-contact.ts'
import { signIn } from '#domain/identity/sign-in.ts'
import { clearCookie, readCookie, setCookie, setSessionCookie } from '#http/middleware/cookies.ts'
import { logDecision, logRefusal } from '#http/middleware/decisions.ts'
import { deviceOf } from '#http/middleware/device.ts'
import { networkOf } from '#http/middleware/network.ts'
import { endPause, isPaused } from '#http/middleware/pause.ts'

/** Every door that leads a browser here ends in this: signed in at once where that is safe, else a page that asks. */
export async function signInOrAsk(request: FastifyRequest, reply: FastifyReply, arrival: Arrival): Promise<FastifyReply> {
  if (isCrossSitePost(request)) return askFirst(request, reply, arrival)
  if (!(await maySignInSilently(request, arrival))) return askFirst(request, reply, { ...arrival, fromOwnPage: false })
  return finishLogin(request, reply, arrival, { visitorFollows: stateMatches(request, arrival) })
}

/** Signs in, sets the cookie and leads to a clean address. */
export async function finishLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival,
  { visitorFollows }: { visitorFollows: boolean },
): Promise<FastifyReply> {
  await hideToken(request, reply)
  const { db, now } = request.server
  const { door } = arrival
  const vouched = vouchedOf(arrival)
  try {
    const browser = { platform: 'web' as const, device: deviceOf(request), standing: request.session, host: request.supportHost }
    const doorway = { door, ...browser, visitorFollows, now: now() }
    const { secret, contact } = await signIn(db, request.workspace, vouched, doorway)
    const value = secret ?? readCookie(request, 'session')
    if (value !== undefined) setSessionCookie(reply, value)
    for (const use of ['state', 'bounces', 'continue'] as const) if (readCookie(request, use) !== undefined) clearCookie(reply, use)
    await endPause(request, reply)
    logDecision(request, { door, outcome: 'signed_in', kid: vouched.key?.kid, user_id: contact.external_id })
  } catch (refusal) {
    logRefusal(request, door, refusal, { user_id: userIdOf(arrival) })
    throw refusal
  }
  return reply.redirect(arrival.return_to, 303)
}

/** Login CSRF: silent only if nobody else stands here and our own state came back, or a page of ours or of a listed origin sent it. */
export async function maySignInSilently(request: FastifyRequest, arrival: Arrival): Promise<boolean> {
  const { session } = request
  const isSomebodyElse = session?.kind === 'user' && !(session.contact && isSamePerson(session.contact, arrival.vouched.who))
  if (isSomebodyElse) return false
  return stateMatches(request, arrival) || (arrival.fromOwnPage && !(await isPaused(request)))
}

/** True if this browser set out from our own "Sign in". */
export function stateMatches(request: FastifyRequest, { state }: Arrival): boolean {
  return state !== undefined && state === readCookie(request, 'state')
}

/** Nothing that follows may keep the address with its token: no cache, no Referer (RFC 9700 §4.2). */
export async function hideToken(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
}

/** The verified login waits on the server; the browser gets a code in a cookie and no token. */
async function askFirst(request: FastifyRequest, reply: FastifyReply, arrival: Arrival): Promise<FastifyReply> {
  const { db, newcomers, now } = request.server
  newcomers.count(networkOf(request.ip), now())
  const code = await keepPendingLogin(db, request.workspace, arrival, now())
  setCookie(reply, 'continue', code, WAITS_MS / 1000)
  logDecision(request, {
    door: arrival.door,
    outcome: 'waiting',
    kid: arrival.vouched.key?.kid,
    user_id: userIdOf(arrival),
    hint: whyAsked(request, arrival),
  })
  return reply.redirect(continuePath(request), 303)
}

/** Says when the cookie was set, so that a page without it can tell a browser that keeps none from one that came too late. */
function continuePath({ server }: FastifyRequest): string {
  return `/login/continue?since=${server.now()}`
}

/** For the login log: silence is safe only for a login that this browser set out for, or that a page of the company sent. */
function whyAsked(request: FastifyRequest, arrival: Arrival): string {
  const { session } = request
  const why = () => {
    if (session?.kind === 'user') return 'Somebody else is signed in here'
    if (readCookie(request, 'paused') !== undefined) return 'The person signed out in this browser'
    if (arrival.state !== undefined)
      return 'The state that came back is not this browser’s: it is older than 10 minutes, of another browser, or was changed'
    return 'No state came back: a login URL has to return the one it was given, and a form has to be sent by a page of a listed origin'
  }
  return `${why()}; so the person is asked first.`
}

/** Our Lax cookies do not travel on such a request, so nothing can be said about who stands here. A browser without `Sec-Fetch-Site` is judged by its `Origin`. */
function isCrossSitePost({ method, headers, supportHost }: FastifyRequest): boolean {
  if (method !== 'POST') return false
  const { 'sec-fetch-site': site, origin } = headers
  if (site !== undefined || origin === undefined) return site === 'cross-site'
  return !URL.canParse(origin) || !compareSites(origin, supportHost.origin).isSameSite
}

function userIdOf({ vouched: { who } }: Arrival): string | undefined {
  return 'user_id' in who ? who.user_id : undefined
}
