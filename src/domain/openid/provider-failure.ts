import { Failure, type ErrorCode } from '#errors'

/** Signing in at a provider failed. `cause` is for the server's log: a code, or a sentence of ours; never a token. */
export class ProviderFailure extends Failure {
  override readonly cause: string

  constructor(code: ErrorCode, cause: string) {
    super(code)
    this.cause = cause
  }
}
