import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { newSecret } from '#platform/ids/ids.ts'
import { resolveIdentity } from '#domain/identity/identify-contact.ts'
import type { Arrival } from '#domain/identity/pending-logins.ts'
import { AWAY_MS, keepOidcLogin, takeOidcLogin, type Journey, type OidcLogin } from '#domain/openid/oidc-logins.ts'
import { ProviderFailure } from '#domain/openid/provider-failure.ts'
import type { Provider } from '#domain/openid/providers.ts'
import { beginState } from '#http/middleware/bounce.ts'
import { readCookie } from '#http/middleware/cookies.ts'
import { logRefusal } from '#http/middleware/decisions.ts'
import { networkOf } from '#http/middleware/network.ts'
import type { App } from '#http/app-types.ts'
import { showProviderRefusal } from './provider-refusal-page.ts'
import { safeReturnTo } from './return-to.ts'
import { hideToken, signInOrAsk } from './sign-in-or-ask.ts'

const DOOR = 'oidc'
const CALLBACK = '/login/oidc/callback'

const Start = z.object({ provider: z.string().regex(/^\d{1,15}$/), return_to: z.string().optional() })
/** The code, or the provider's error, is read from the whole address by who checks it. */
const Callback = z.looseObject({ state: z.string().max(200).optional() })

/** Door 6, by OpenID Connect: the browser goes to the provider with our state and comes back with its word. */
export async function oidcRoutes(app: App) {
  const options = { config: { page: true }, onRequest: hideToken }
  app.get('/login/oidc/start', { ...options, schema: { querystring: Start } }, async (request, reply) => {
    const returnTo = safeReturnTo(request, request.query.return_to)
    const provider = getProvider(request, Number(request.query.provider))
    if (request.session?.kind === 'user') return reply.redirect(returnTo, 303)
    app.newcomers.count(networkOf(request.ip), app.now())
    try {
      return await setOut(request, reply, { provider, returnTo })
    } catch (refusal) {
      return refuse(request, reply, { refusal, returnTo })
    }
  })
  app.get(CALLBACK, { ...options, schema: { querystring: Callback } }, async (request, reply) => {
    let returnTo = '/'
    let arrival: Arrival
    try {
      const journey = journeyOf(request, request.query.state)
      const login = await takeOidcLogin(app.db, request.workspace, journey, app.now())
      returnTo = login.return_to
      arrival = await readArrival(request, journey, login)
    } catch (refusal) {
      return refuse(request, reply, { refusal, returnTo })
    }
    return signInOrAsk(request, reply, arrival)
  })
}

async function setOut(
  request: FastifyRequest,
  reply: FastifyReply,
  { provider, returnTo }: { provider: Provider; returnTo: string },
): Promise<FastifyReply> {
  const { server: app, workspace } = request
  const now = app.now()
  const journey = { browser: await beginState(request, reply, AWAY_MS / 1000), state: newSecret() }
  const url = await app.openId.authorizationUrl({ workspace, provider, journey, now }, request.supportHost.origin + CALLBACK)
  await keepOidcLogin(app.db, workspace, journey, { provider_id: provider.id, return_to: returnTo, now })
  return reply.redirect(url.href, 303)
}

/** Another browser has another cookie, so a callback that somebody else began leads nowhere (RFC 9700 §4.7). */
function journeyOf(request: FastifyRequest, state: string | undefined): Journey {
  const browser = readCookie(request, 'state')
  if (state === undefined || browser === undefined) throw new Failure('login_state_invalid')
  return { browser, state }
}

async function readArrival(request: FastifyRequest, journey: Journey, { provider_id, return_to }: OidcLogin): Promise<Arrival> {
  const { server: app, workspace } = request
  const provider = getProvider(request, provider_id)
  const address = new URL(request.url, request.supportHost.origin)
  const { identity, payload } = await app.openId.readAnswer({ workspace, provider, journey, now: app.now() }, address)
  const who = await resolveIdentity(app.db, workspace, identity)
  return { door: DOOR, vouched: { who, key: null }, payload, return_to, state: journey.browser, fromOwnPage: false }
}

function getProvider(request: FastifyRequest, id: number): Provider {
  const provider = request.providers.find((provider) => provider.id === id)
  if (!provider) throw new Failure('not_found')
  return provider
}

/** Told in the reader's language, with a way back to the sign-in; the provider's own code goes to the server's log. */
function refuse(request: FastifyRequest, reply: FastifyReply, { refusal, returnTo }: { refusal: unknown; returnTo: string }): FastifyReply {
  if (!(refusal instanceof Failure) || refusal.code === 'not_found') throw refusal
  logRefusal(request, DOOR, refusal)
  if (refusal instanceof ProviderFailure) {
    request.log.warn({ code: refusal.code, cause: refusal.cause, request_id: request.id }, 'a provider signed nobody in')
  }
  if (request.headers.accept?.includes('application/json')) throw refusal
  return showProviderRefusal(request, reply, { code: refusal.code, returnTo })
}
