import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { finishSignIn } from '#domain/teammates/finish-sign-in.ts'
import { readHalfSignIn } from '#domain/teammates/half-sign-ins.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { html } from '#platform/html/html.ts'
import { field, frontPage, orShowAgain, problemNotice } from './front-page.ts'
import { admit, signInPage, visitOf } from './sign-in-page.ts'
import { codeThrottle, type SignInThrottle } from './sign-in-throttle.ts'
import { clearHalfCookie, readTeamCookie } from './team-cookie.ts'
import { pageWords } from './words.ts'

const Next = z.object({ next: z.string().max(300).optional() })
const Code = Next.extend({ code: z.string().max(100) })

/** The two ways to finish a sign-in: a code of the authenticator app, or one of the codes that were saved for the day it is lost. */
const WAYS = { code: { path: '/sign-in/code' }, recovery: { path: '/sign-in/recovery-code' } } as const
type Way = keyof typeof WAYS

/** After the right password of a teammate with a second step, and nobody else comes here. */
export function codeRoutes(app: App) {
  for (const way of ['code', 'recovery'] as const) codeRoute(app, way, codeThrottle())
}

function codeRoute(app: App, way: Way, throttle: SignInThrottle) {
  const { path } = WAYS[way]

  app.get(path, { config: { page: true }, schema: { querystring: Next } }, async (request, reply) => {
    const { next } = request.query
    const half = readTeamCookie(request, 'half')
    if (half === undefined) return reply.redirect('/sign-in', 303)
    const show = async () => {
      await readHalfSignIn(app.db, half, app.now())
      return codePage(reply, { way, next })
    }
    return orShowAgain(reply, show, (failure, status) => startAgain(reply, { next, failure, status }))
  })

  app.post(path, { config: { page: true }, schema: { body: Code } }, (request, reply) => {
    const { next, code } = request.body
    const half = readTeamCookie(request, 'half')
    const work = async () => {
      const teammate = await readHalfSignIn(app.db, half, app.now())
      const proof = { half: half ?? '', code, isRecovery: way === 'recovery' }
      const signedIn = await throttle.attempt(request, teammate, {
        guess: () => finishSignIn(app.db, app.secondSteps, proof, visitOf(request)),
        isWrong: (error) => error instanceof Failure && error.code === 'code_wrong',
      })
      clearHalfCookie(reply)
      return admit(reply, signedIn, next)
    }
    return orShowAgain(reply, work, (failure, status) =>
      failure.code === 'sign_in_expired' ? startAgain(reply, { next, failure, status }) : codePage(reply, { way, next, failure, status }),
    )
  })
}

interface Shown {
  next: string | undefined
  failure?: Failure
  status?: number
}

function startAgain(reply: FastifyReply, shown: Shown): FastifyReply {
  clearHalfCookie(reply)
  return signInPage(reply, shown)
}

function codePage(reply: FastifyReply, { way, next, failure, status = 200 }: Shown & { way: Way }): FastifyReply {
  const words = pageWords(reply.request)
  const isWrong = failure?.code === 'code_wrong'
  const asked =
    way === 'code'
      ? field({
          ...{ name: 'code', label: words.code, autocomplete: 'one-time-code', inputmode: 'numeric', isFirst: true },
          problem: isWrong ? words.code_wrong : undefined,
        })
      : field({ name: 'code', label: words.recovery_code, isFirst: true, problem: isWrong ? words.recovery_wrong : undefined })
  const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`
  const body = html`${isWrong ? null : problemNotice(words, failure)}<p class="quiet">${way === 'code' ? words.code_lead : words.recovery_lead}</p>
<form method="post" action="${WAYS[way].path}" class="stack code-form">${asked}
${next === undefined ? null : html`<input type="hidden" name="next" value="${next}">`}
<button class="button primary">${words.code_button}</button></form>
<ul class="ways"><li><a href="${WAYS[way === 'code' ? 'recovery' : 'code'].path}${query}">${way === 'code' ? words.use_recovery : words.use_app}</a></li>
<li><a href="/sign-in${query}">${words.start_over}</a></li></ul>`
  return frontPage(reply, { title: way === 'code' ? words.code_title : words.recovery_title, body, status })
}
