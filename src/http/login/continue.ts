import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { hashOf } from '#platform/ids/ids.ts'
import { html } from '#platform/html/html.ts'
import { readClaims, readUserId } from '#domain/identity/claims.ts'
import { findPendingLogin, takePendingLogin, type PendingLogin } from '#domain/identity/pending-logins.ts'
import type { Vouched } from '#domain/identity/sign-in.ts'
import { refuseUsedToken } from '#domain/identity/used-tokens.ts'
import { readCookie } from '#http/middleware/cookies.ts'
import { sameOriginOnly } from '#http/middleware/same-origin.ts'
import { messagePage, personName, requestLocale } from '#http/html/layout.ts'
import type { App } from '#http/app-types.ts'
import { finishLogin, maySignInSilently } from './login-jwt.ts'
import { loginStrings } from './login-strings.ts'

const Pressed = z.object({ login: z.string().max(100) }).catch({ login: '' })

/** A login that could not be silent: asks once, and takes the token's single use when the person agrees. */
export async function continueRoutes(app: App) {
  app.get('/login/continue', { config: { page: true } }, async (request, reply) => {
    const code = readCookie(request, 'continue')
    const pending = code === undefined ? undefined : await findPendingLogin(app.db, request.workspace, code, app.now())
    if (code === undefined || !pending) throw new Failure('login_expired')
    const vouched = await readVouched(request, pending)
    const stateMatches = pending.state !== null && pending.state === readCookie(request, 'state')
    if (!maySignInSilently(request, vouched.user_id, { stateMatches, fromListedOrigin: pending.fromListedOrigin }))
      return askToContinue(request, reply, { vouched, code })
    return finishPending(request, reply, { code, visitorFollows: stateMatches })
  })

  app.post('/login/continue', { config: { page: true }, preHandler: sameOriginOnly, schema: { body: Pressed } }, async (request, reply) => {
    const code = readCookie(request, 'continue')
    // The button belongs to the login it showed; another one may have taken its place in the cookie since.
    if (code === undefined || request.body.login !== hashOf(code)) throw new Failure('login_expired')
    return finishPending(request, reply, { code, visitorFollows: true })
  })
}

async function finishPending(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, visitorFollows }: { code: string; visitorFollows: boolean },
): Promise<FastifyReply> {
  const { db, now } = request.server
  const pending = await takePendingLogin(db, request.workspace, code, now())
  if (!pending) throw new Failure('login_expired')
  return finishLogin(request, reply, await readVouched(request, pending), { returnTo: pending.return_to, visitorFollows })
}

/** The key may have been retired, and the token used, while the login waited. */
async function readVouched(request: FastifyRequest, pending: PendingLogin): Promise<Vouched> {
  const { db, keyring, now } = request.server
  const key = (await keyring.keysOf(request.workspace, now())).find(({ row }) => row.id === pending.messenger_secret_id)
  const user_id = readUserId(pending.payload)
  if (!key || key.row.retired_at !== null || typeof user_id !== 'string') throw new Failure('login_expired')
  const oneTimeUse = { replay_key: pending.replay_key, replayable_until: pending.token_expires_at }
  await refuseUsedToken(db, request.workspace, oneTimeUse)
  return { user_id, signed: readClaims(pending.payload), unsigned: undefined, key: key.row, oneTimeUse }
}

function askToContinue(
  request: FastifyRequest,
  reply: FastifyReply,
  { vouched: { user_id, signed }, code }: { vouched: Vouched; code: string },
): FastifyReply {
  const locale = requestLocale(request)
  const strings = loginStrings(locale)
  const email = signed?.standard.get('email')
  const name = signed?.standard.get('name') ?? (email === undefined ? user_id : '')
  const shown = [name, email === undefined ? '' : name === '' ? maskEmail(email) : `(${maskEmail(email)})`].filter(Boolean).join(' ')
  const { session } = request
  const standing = session?.kind === 'user' && session.contact && session.contact.external_id !== user_id ? session.contact : undefined
  const body = html`<p>${strings.continue_text}</p>
${standing ? html`<p>${strings.switches_from.replace('{name}', () => personName(standing))}</p>` : null}
${session?.kind === 'visitor' && session.contact ? html`<p>${strings.visitor_follows}</p>` : null}
<form method="post" action="/login/continue" class="actions"><input type="hidden" name="login" value="${hashOf(code)}"><button class="button">${strings.continue}</button> <a class="button quiet" href="/">${strings.not_me}</a></form>`
  reply.header('referrer-policy', 'no-referrer')
  return messagePage(request, reply, { status: 200, title: strings.continue_as.replace('{name}', () => shown), body, locale })
}

/** Enough to recognise one's own address, too little to learn somebody else's. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '…' : `${[...email][0]}…${email.slice(at)}`
}
