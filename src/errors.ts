import { apiErrors } from './errors/api-errors.ts'
import { loginErrors } from './errors/login-errors.ts'
import { teammateErrors } from './errors/teammate-errors.ts'
import { tokenErrors } from './errors/token-errors.ts'

export interface Expected {
  status: number
  /** One plain sentence for the public. */
  sentence: string
  /** What the developer does about it. */
  cure: string
}

/** Every failure we expect: its HTTP status, what we say, what cures it. docs/login.md has a heading per login code. */
export const errors = {
  ...tokenErrors,
  ...loginErrors,
  ...apiErrors,
  ...teammateErrors,
  not_found: { status: 404, sentence: 'There is nothing here.', cure: 'Check the address.' },
  parameter_invalid: { status: 400, sentence: 'A parameter is not valid.', cure: 'Compare with the documentation of this address.' },
  parameter_not_found: {
    status: 400,
    sentence: 'A required parameter is missing.',
    cure: 'Compare with the documentation of this address.',
  },
  media_type_not_supported: {
    status: 415,
    sentence: 'This address takes another content type.',
    cure: 'Send application/json; to an address that signs in by a page, such as /login/jwt, a form.',
  },
  body_too_large: { status: 413, sentence: 'The request is too large.', cure: 'Send at most 256 kB.' },
  rate_limit_exceeded: { status: 429, sentence: 'Too many requests.', cure: 'Wait as long as Retry-After says.' },
  unauthorized: {
    status: 401,
    sentence: 'Access Token Invalid',
    cure: 'Send Authorization: Bearer with a live API token (latchkey token add).',
  },
  forbidden: { status: 403, sentence: 'This API token may not do that.', cure: 'Use a token with the scope this needs.' },
  server_error: { status: 500, sentence: 'Something went wrong on our side.', cure: 'Try again; the request id is in the server’s log.' },
} as const satisfies Record<string, Expected>

export { apiErrors, loginErrors, teammateErrors, tokenErrors }

export type ErrorCode = keyof typeof errors

/** Faults of form, algorithm, key and signature: one code to the public, so that nobody learns which part was right. */
const PUBLICLY_INVALID: ReadonlySet<ErrorCode> = new Set([
  'user_jwt_malformed',
  'user_jwt_too_large',
  'user_jwt_algorithm_not_allowed',
  'user_jwt_signature_invalid',
  'user_jwt_key_retired',
  'user_jwt_jwks_unreachable',
  'user_jwt_app_id_mismatch',
  'user_hash_invalid',
] satisfies ErrorCode[])

interface FailureOptions {
  detail?: string
  field?: string
  retryAfter?: number
  hint?: Hint
}

type Hint = string | undefined | (() => string | undefined)

/** An expected failure. `detail` replaces the public sentence; `hint` is for the workspace's own people alone; `retryAfter` is in seconds. */
export class Failure extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly field: string | undefined
  readonly retryAfter: number | undefined
  #hint: Hint

  constructor(code: ErrorCode, { detail, field, retryAfter, hint }: FailureOptions = {}) {
    super(code)
    this.code = code
    this.detail = detail
    this.field = field
    this.retryAfter = retryAfter
    this.#hint = hint
  }

  /** What most likely went wrong this time. Where that has to be looked for, only who asks pays for it: a flood is turned away before. */
  get hint(): string | undefined {
    if (typeof this.#hint === 'function') this.#hint = this.#hint()
    return this.#hint
  }

  set hint(hint: Hint) {
    this.#hint = hint
  }
}

export function publicCode(code: ErrorCode): ErrorCode {
  return PUBLICLY_INVALID.has(code) ? 'user_jwt_invalid' : code
}
