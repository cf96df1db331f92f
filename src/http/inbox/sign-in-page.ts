import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isSetUp } from '#domain/installation/first-owner.ts'
import { enter, type Entry } from '#domain/teammates/finish-sign-in.ts'
import { signInTeammate } from '#domain/teammates/sign-in-teammate.ts'
import { endTeammateSessionBySecret } from '#domain/teammates/teammate-sessions.ts'
import { emailAddress, type Teammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { deviceOf } from '#http/middleware/device.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, frontPage, orShowAgain, problemNotice } from './front-page.ts'
import { passwordThrottle, rememberDevice } from './sign-in-throttle.ts'
import { clearSessionCookie, readTeamCookie, setHalfCookie, setSessionCookie } from './team-cookie.ts'
import { pageWords } from './words.ts'

const SignIn = z.object({
  email: z.string().max(320),
  password: z.string().max(1000),
  app_id: z.string().max(100).optional(),
  next: z.string().max(300).optional(),
})
const Next = z.object({ next: z.string().max(300).optional() })

export function signInRoutes(app: App) {
  const throttle = passwordThrottle()

  app.get('/sign-in', { config: { page: true }, schema: { querystring: Next } }, async (request, reply) => {
    if (!(await isSetUp(app.db))) return reply.redirect('/setup', 303)
    if (request.atWork) return reply.redirect(safePath(request.query.next), 303)
    return signInPage(reply, { next: request.query.next })
  })

  app.post('/sign-in', { config: { page: true }, schema: { body: SignIn } }, (request, reply) => {
    const { next, ...claim } = request.body
    const email = emailAddress(claim.email)
    const work = async () => {
      const guess = () =>
        signInTeammate(app.db, claim, visitOf(request)).catch((error: unknown) => {
          request.log.info({ address: request.ip, request_id: request.id }, 'a teammate’s sign-in was refused')
          throw error
        })
      const signedIn = await throttle.attempt(request, { email }, { guess, isWrong: () => true })
      if ('choose' in signedIn) return signInPage(reply, { email: claim.email, next, choose: signedIn.choose })
      return admitOrAsk(reply, signedIn, next)
    }
    return orShowAgain(reply, work, (failure, status) => signInPage(reply, { email: claim.email, next, failure, status }))
  })

  app.post('/sign-out', { config: { page: true } }, async (request, reply) => {
    await leaveOldSession(request)
    clearSessionCookie(reply)
    return reply.redirect('/sign-in', 303)
  })
}

/** Where a link, an invite or the set-up stands in for the password, and for nothing besides. */
export async function startAtWork(request: FastifyRequest, reply: FastifyReply, teammate: Teammate): Promise<FastifyReply> {
  return admitOrAsk(reply, await enter(request.server.db, teammate, visitOf(request)), undefined)
}

async function admitOrAsk(reply: FastifyReply, entry: Entry, next: string | undefined): Promise<FastifyReply> {
  if ('secret' in entry) return admit(reply, entry, next)
  setHalfCookie(reply, entry.half)
  return reply.redirect(`/sign-in/code${next === undefined ? '' : `?next=${encodeURIComponent(safePath(next))}`}`, 303)
}

export function visitOf(request: FastifyRequest) {
  return { device: deviceOf(request), address: request.ip, now: request.server.now() }
}

export async function admit(
  reply: FastifyReply,
  { secret, teammate }: { secret: string; teammate: Teammate },
  next: string | undefined,
): Promise<FastifyReply> {
  await leaveOldSession(reply.request)
  setSessionCookie(reply, secret)
  rememberDevice(reply, teammate)
  return reply.redirect(safePath(next), 303)
}

/** A browser is one teammate at a time. */
async function leaveOldSession(request: FastifyRequest): Promise<void> {
  const secret = readTeamCookie(request, 'session')
  if (secret !== undefined) await endTeammateSessionBySecret(request.server.db, secret)
}

/** Only a place inside the app. */
function safePath(next: string | undefined): string {
  return next !== undefined && /^(?:\/[\w-]+)+$/.test(next) ? next : '/'
}

interface SignInForm {
  email?: string
  next?: string | undefined
  choose?: Workspace[]
  failure?: Failure
  status?: number
}

export function signInPage(reply: FastifyReply, { email = '', next, choose, failure, status = 200 }: SignInForm): FastifyReply {
  const words = pageWords(reply.request)
  const body = html`${problemNotice(words, failure)}<form method="post" action="/sign-in" class="stack">
${choose ? workspaceChoice(reply, choose) : null}
${field({ name: 'email', label: words.email, type: 'email', autocomplete: 'username', value: email, isFirst: email === '' })}
${field({ name: 'password', label: words.password, type: 'password', autocomplete: 'current-password', isFirst: email !== '' })}
${next === undefined ? null : html`<input type="hidden" name="next" value="${next}">`}
<button class="button primary">${words.sign_in}</button>
<p class="quiet"><a href="/reset">${words.forgot}</a></p></form>`
  return frontPage(reply, { title: words.sign_in_to, body, status })
}

function workspaceChoice(reply: FastifyReply, workspaces: Workspace[]): Html {
  const words = pageWords(reply.request)
  return html`<fieldset class="choice"><legend>${words.choose_workspace}</legend><p class="hint">${words.choose_workspace_hint}</p>
${workspaces.map(({ app_id, name }) => html`<label><input type="radio" name="app_id" value="${app_id}" required> ${name}</label>`)}</fieldset>`
}
