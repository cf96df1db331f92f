import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure, loginErrors, publicCode, tokenErrors, type ErrorCode } from '#errors'
import type { ErrorList } from '#shared/messenger.ts'
import { html } from '#platform/html/html.ts'
import { faultLine } from '#http/html/fault-line.ts'
import { homeOf, messagePage, requestLocale } from '#http/html/layout.ts'
import { stringsOf, type Strings } from '#http/html/strings.ts'
import { stylesheetIn } from '#http/html/stylesheet.ts'

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
  const { status } = errors[code]
  const locale = requestLocale(request)
  const strings = stringsOf(locale)
  const { title, text } = wordsFor(code, strings)
  const body = html`<p>${text}</p>
<p><a class="button" href="${homeOf(request, locale)}">${strings.start_page}</a></p>
${faultLine(request, code, { sentence: failure.detail, cure: failure.hint })}`
  return messagePage(request, reply, { status, title, body, locale })
}

/** No workspace, so no name and no colour of its own: for whoever is setting the host up. */
function answerAtUnknownHost(reply: FastifyReply, { hint }: Failure): FastifyReply {
  const { status, sentence, cure } = errors.unknown_host
  const { element, source } = stylesheetIn(undefined)
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${sentence}</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
${element}</head><body><main class="message-page"><h1>${sentence}</h1><p>${hint}</p><p>${cure}</p><div class="fault-line"><p><code>unknown_host</code></p></div></main></body></html>`
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src ${source}; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`,
    )
    .type('text/html; charset=utf-8')
    .send(page.text)
}

function wordsFor(code: ErrorCode, strings: Strings): { title: string; text: string } {
  const { status } = errors[code]
  if (status === 429) return { title: strings.too_often, text: strings.too_often_text }
  if (code in tokenErrors || (code in loginErrors && code !== 'cross_site_request'))
    return { title: strings.no_login, text: strings.no_login_text }
  if (status === 404) return { title: strings.not_found, text: strings.not_found_text }
  return { title: strings.failed, text: strings.failed_text }
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
        ...(mayKnow && { reason: failure.code }),
        ...((mayKnow || code === 'unknown_host') && { cure: failure.hint ?? errors[failure.code].cure }),
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
