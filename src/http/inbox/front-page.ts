import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure, publicCode } from '#errors'
import { directionOf } from '#http/html/strings.ts'
import { readBundle } from '#http/middleware/assets.ts'
import { failureOf } from '#http/middleware/error-answer.ts'
import { html, type Html } from '#platform/html/html.ts'
import { readTeamCookie } from './team-cookie.ts'
import type { PageWords } from './words-en.ts'
import { pageLocale, pageWords, problemIn } from './words.ts'

let styles: string[] | undefined

/** The key that is Latchkey's mark. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8"/><path d="M13.5 18.5 22 10m-2.5 2.5 2.5 2.5M17 15l2 2" fill="none" stroke="#fff" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round"/><circle cx="11.5" cy="20.5" r="3.25" fill="none" stroke="#fff" stroke-width="2.25"/></svg>`

/** A page in front of the app: one card with one form, complete without JavaScript, stored nowhere, and silent about its address. */
export function frontPage(
  reply: FastifyReply,
  { title, body, status = 200, isWide = false }: { title: string; body: Html; status?: number; isWide?: boolean },
): FastifyReply {
  const { request } = reply
  const locale = pageLocale(request)
  const page = html`${documentHead(request, { locale, title })}
<body class="front"><main class="${isWide ? 'card wide' : 'card'}" id="main">
<header class="front-brand">${mark}<span>Latchkey</span></header>
<h1>${title}</h1>
${body}</main></body></html>
`
  return sendDocument(reply.status(status), page)
}

export function documentHead(request: FastifyRequest, { locale, title, head }: { locale: string; title: string; head?: Html }): Html {
  const theme = readTeamCookie(request, 'theme')
  return html`<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}"${theme === 'light' || theme === 'dark' ? html` data-theme="${theme}"` : null}><head><meta charset="utf-8"><title>${title} · Latchkey</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<link rel="icon" href="/team/favicon.svg" type="image/svg+xml">
${(styles ??= readBundle('inbox').styles).map((style) => html`<link rel="stylesheet" href="${style}">`)}
${head}</head>`
}

export function sendDocument(reply: FastifyReply, page: Html): FastifyReply {
  return (
    reply
      .header('cache-control', 'private, no-store')
      // No other host learns of a link's code; without any referrer our own forms would have no Origin either.
      .header('referrer-policy', 'same-origin')
      .type('text/html; charset=utf-8')
      .send(page.text)
  )
}

/** Turns an expected failure into a page; on a form, `frontForm` has already shown it beside its field. */
export function answerOnPage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = failureOf(error)
  const { status, cure } = errors[publicCode(failure.code)]
  if (status >= 500) request.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'unexpected failure')
  if (failure.retryAfter !== undefined) reply.header('retry-after', failure.retryAfter)
  const words = pageWords(request)
  const body = html`${problemNotice(words, failure)}<p class="quiet" lang="en" dir="ltr">${cure}</p>
<p class="quiet small"><code>${failure.code}</code> · <code>${request.id}</code></p>
<p><a class="button" href="/sign-in">${words.to_sign_in}</a></p>`
  return frontPage(reply, { title: words.went_wrong, body, status })
}

/** Shows the form again with what is wrong; other failures go on. */
export async function orShowAgain(
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
  show: (failure: Failure, status: number) => FastifyReply,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { status } = errors[error.code]
    if (status >= 500) throw error
    if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
    return show(error, status)
  }
}

export function problemNotice(words: PageWords, failure: Failure | undefined): Html | null {
  return failure ? html`<p class="notice danger" role="alert">${problemIn(words, failure)}</p>` : null
}

export interface Field {
  name: string
  label: string
  type?: 'text' | 'email' | 'password' | 'url'
  autocomplete?: string
  value?: string
  inputmode?: 'numeric'
  hint?: string
  /** What is wrong with what was typed. */
  problem?: string | undefined
  isFirst?: boolean
}

export function field({
  name,
  label,
  type = 'text',
  autocomplete = 'off',
  value = '',
  inputmode,
  hint,
  problem,
  isFirst = false,
}: Field): Html {
  const about = [hint !== undefined && `${name}-hint`, problem !== undefined && `${name}-problem`].filter(Boolean).join(' ')
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${inputmode && html` inputmode="${inputmode}"`} maxlength="320" required${about ? html` aria-describedby="${about}"` : null}${problem === undefined ? null : html` aria-invalid="true"`}${isFirst ? html` autofocus` : null}>
${hint === undefined ? null : html`<p class="hint" id="${name}-hint">${hint}</p>`}${problem === undefined ? null : html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}</div>`
}
