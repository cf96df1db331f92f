import type { HttpClient, HttpFault } from './http-client.ts'

/** What a library's fetch throws where our client answers with a fault. */
export class FetchFault extends Error {
  readonly fault: HttpFault

  constructor(fault: HttpFault) {
    super(fault.detail)
    this.fault = fault
  }
}

interface FetchOptions {
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

/** The client in the shape of `fetch`, for libraries that take one (`customFetch` of openid-client). Redirects are handed over, not followed. */
export function asFetch(client: HttpClient, { maxBytes = 64 * 1024 } = {}): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, { method = 'GET', headers = {}, body }) => {
    const sent = bodyOf(body)
    const answer = await client.fetch(url, { method, headers, maxBytes, redirect: 'report', ...(sent !== undefined && { body: sent }) })
    if (!answer.ok) throw new FetchFault(answer)
    // RFC 9110 §15: these have no body, and Response takes none.
    const isEmpty = answer.status === 204 || answer.status === 205 || answer.status === 304
    return new Response(isEmpty ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers })
  }
}

function bodyOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new TypeError('Only text, bytes and form fields are sent.')
}
