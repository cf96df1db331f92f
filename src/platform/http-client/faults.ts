export type Fault = 'url_not_allowed' | 'address_not_allowed' | 'dns' | 'connect' | 'tls' | 'timeout' | 'too_large' | 'redirect'

/** Thrown and caught inside this folder only. */
export class OutgoingFailure extends Error {
  readonly fault: Fault

  constructor(fault: Fault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

const DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'ENODATA', 'ESERVFAIL'])
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED|EPROTO$|ERR_OSSL)/
const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

/** Names what went wrong outside. What is our own mistake is thrown on. */
export function faultOf(error: unknown, signal: AbortSignal): { fault: Fault; detail: string } {
  if (error instanceof OutgoingFailure) return { fault: error.fault, detail: error.message }
  if (signal.aborted) return { fault: 'timeout', detail: 'No whole answer came in time.' }
  if (error instanceof Error && error.name === 'HTTPParserError')
    return { fault: 'connect', detail: 'What answers there does not speak HTTP.' }
  const code = codeOf(error)
  if (code === undefined || code === 'UND_ERR_INVALID_ARG') throw error
  if (DNS.has(code)) return { fault: 'dns', detail: `The name cannot be resolved (${code}).` }
  if (TLS.test(code)) return { fault: 'tls', detail: `No trusted TLS connection came about (${code}).` }
  if (TIMEOUTS.has(code)) return { fault: 'timeout', detail: 'No whole answer came in time.' }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { fault: 'too_large', detail: 'The answer is larger than is taken.' }
  return { fault: 'connect', detail: `The connection failed (${code}).` }
}

/** Of several addresses that were tried in vain Node gives one error with the others inside. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}
