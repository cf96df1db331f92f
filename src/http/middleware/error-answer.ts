import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errors, Failure, publicCode, type ErrorCode } from '#errors'
import type { ErrorList } from '#shared/messenger.ts'
import { html } from '#platform/html/html.ts'
import { messagePage, requestLocale } from '#http/html/layout.ts'
import { stringsOf } from '#http/html/strings.ts'

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
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send(errorList(request, failure, code))
}

/** In the reader's language where nothing was found; a refused login says its sentence and its cure, with the code for whoever runs the site: in test mode the precise one. */
function answerPage(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const isTest = request.workspace?.test_mode === 1
  const code = isTest ? failure.code : publicCode(failure.code)
  const { status, sentence, cure } = errors[code]
  const locale = requestLocale(request)
  const strings = stringsOf(locale)
  const [title, text] =
    status === 404 ? [strings.not_found, strings.not_found_text] : [failure.detail ?? sentence, (isTest && failure.hint) || cure]
  const body = html`<p${status === 404 ? null : html` lang="en" dir="ltr"`}>${text}</p>
<p><a class="button" href="/${locale}">${strings.start_page}</a></p>
<p class="quiet-text"><code>${code}</code> · <code>${request.id}</code></p>`
  return messagePage(request, reply, { status, title, body, locale })
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
