import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { Failure } from '#errors'
import { FetchFault } from '#platform/http-client/as-fetch.ts'
import { ProviderFailure } from './provider-failure.ts'

/** The provider's own error codes (RFC 6749 §4.1.2.1 and §5.2) are words of ASCII; its descriptions are anybody's text. */
export function providerFailureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof AuthorizationResponseError) return new ProviderFailure('provider_refused', codeWord(error.error))
  const fault = causesOf(error).find((cause) => cause instanceof FetchFault)
  if (fault) return new ProviderFailure('provider_unreachable', fault.fault.detail)
  if (error instanceof ResponseBodyError) return new ProviderFailure('provider_answer_invalid', `${error.status} ${codeWord(error.error)}`)
  if (error instanceof ClientError)
    return new ProviderFailure('provider_answer_invalid', `${error.message} (${error.code ?? 'unknown'}${claimOf(error)})`)
  if (error instanceof TypeError) return new ProviderFailure('provider_answer_invalid', error.message.slice(0, 200))
  throw error
}

function codeWord(word: string): string {
  return /^[\w.-]{1,60}$/.test(word) ? word : 'an error without a code'
}

/** Which claim was wrong, not its value. */
function claimOf(error: ClientError): string {
  const detail = causesOf(error).flatMap((cause) => (cause instanceof Error ? [cause.cause] : []))
  const named = detail.find((one): one is { claim: unknown } => one !== null && typeof one === 'object' && 'claim' in one)
  return named && typeof named.claim === 'string' ? `, ${codeWord(named.claim)}` : ''
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) causes.push(cause)
  return causes
}
