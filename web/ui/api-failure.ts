/** A refusal, in words a teammate can read; `status` 0 means that the server was not reached. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly cure: string | undefined
  constructor(status: number, { code, message, field, cure }: { code: string; message: string; field?: string; cure?: string }) {
    super(message)
    this.status = status
    this.code = code
    this.field = field
    this.cure = cure
  }
}

export function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure(0, { code: 'unexpected', message: String(error) })
}
