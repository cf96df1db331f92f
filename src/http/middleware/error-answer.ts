import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure, loginErrors, publicCode, tokenErrors, type ErrorCode } from '#errors'
import type { ErrorList } from '#shared/messenger.ts'
import { html } from '#platform/html/html.ts'
import { homeOf, messagePage, requestLocale } from '#http/html/layout.ts'
import { stringsOf, type Strings } from '#http/html/strings.ts'

const KNOWN_FAULTS: Record<string, ErrorCode> = {
  FST_ERR_VALIDATION: 'parameter_invalid',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_not_supported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'parameter_invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'parameter_invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'parameter_invalid',
}

/** The one place where a failure becomes an answer: JSON for programs, a page for people. The public never sees a cause. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = failureOf(error)
  const code = publicCode(failure.code)
  const { status } = errors[code]
  if (status >= 500)
    request.log.error({ error: describe(error), request_id: request.id, path: request.routeOptions.url }, 'unexpected failure')
  if (failure.retryAfter !== undefined) reply.header('retry-after', failure.retryAfter)
  const isPage =
    (request.routeOptions.config?.page === true && !request.headers.accept?.includes('application/json')) ||
    (request.is404 && request.headers.accept?.includes('text/html'))
  if (isPage && request.supportHost) return answerPage(request, reply, failure)
  if (code === 'unknown_host' && request.headers.accept?.includes('text/html')) return answerAtUnknownHost(reply, failure)
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send(errorList(request, failure, code))
}

/** Says in the reader's language what to do, and below it, for whoever runs the site, the code and its sentence: in test mode the precise ones with the cure. */
function answerPage(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const isTest = request.workspace?.test_mode === 1
  const code = isTest ? failure.code : publicCode(failure.code)
  const { status, sentence, cure } = errors[code]
  const locale = requestLocale(request)
  const strings = stringsOf(locale)
  const { title, text } = wordsFor(code, strings)
  const body = html`<p>${text}</p>
<p><a class="button" href="${homeOf(request, locale)}">${strings.start_page}</a></p>
<p class="quiet-text" lang="en" dir="ltr"><code>${code}</code>: ${failure.detail ?? sentence} <code>${request.id}</code></p>
${isTest ? html`<p class="quiet-text" lang="en" dir="ltr">${failure.hint ?? cure}</p>` : null}`
  return messagePage(request, reply, { status, title, body, locale })
}

/** No workspace, so no name and no colour: for whoever is setting the host up. */
function answerAtUnknownHost(reply: FastifyReply, { hint }: Failure): FastifyReply {
  const { status, sentence, cure } = errors.unknown_host
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${sentence}</title><h1>${sentence}</h1><p>${hint}</p><p>${cure}</p><p><code>unknown_host</code></p></html>`
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(String(page))
}

function wordsFor(code: ErrorCode, strings: Strings): { title: string; text: string } {
  const { status } = errors[code]
  if (status === 404) return { title: strings.not_found, text: strings.not_found_text }
  if (status === 429) return { title: strings.too_often, text: strings.too_often_text }
  const isLogin = code in tokenErrors || (code in loginErrors && code !== 'cross_site_request')
  return isLogin ? { title: strings.no_login, text: strings.no_login_text } : { title: strings.failed, text: strings.failed_text }
}

function errorList(request: FastifyRequest, failure: Failure, code: ErrorCode): ErrorList {
  const mayKnow = request.workspace?.test_mode === 1 || request.atWork !== null
  const { sentence } = errors[mayKnow ? failure.code : code]
  return {
    type: 'error.list',
    request_id: request.id,
    errors: [
      {
        code,
        message: failure.detail ?? sentence,
        ...(failure.field !== undefined && { field: failure.field }),
        ...(mayKnow && { reason: failure.code, cure: failure.hint ?? errors[failure.code].cure }),
      },
    ],
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof Error)) return new Failure('server_error')
  const { code, statusCode, validation } = error as Partial<FastifyError>
  const known = code === undefined ? undefined : KNOWN_FAULTS[code]
  if (known === 'parameter_invalid')
    return new Failure(known, { detail: validation ? fieldSentence(error as FastifyError) : 'The body is not valid JSON.' })
  if (known) return new Failure(known)
  return new Failure(statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'parameter_invalid' : 'server_error')
}

/** Names the field that is wrong, never its value. */
function fieldSentence(error: FastifyError): string {
  const [first] = error.validation ?? []
  return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'The body'} ${first?.message ?? 'is not valid'}`.slice(0, 200)
}

function describe(error: unknown): { name: string; stack?: string | undefined } {
  return error instanceof Error ? { name: error.name, stack: error.stack } : { name: typeof error }
}
