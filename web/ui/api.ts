import type { ErrorList } from '#shared/messenger.ts'
import { ApiFailure } from './api-failure.ts'
import { askPassword } from './password-question.ts'

const unreachable = { code: 'unreachable', message: 'The server cannot be reached.', cure: 'Check your connection and try again.' }

/**
 * Asks `/app/…` as the teammate who is signed in. Throws `ApiFailure`. Where the session has ended it leads to the sign-in; where
 * a fresh password is needed it asks for it and repeats the call.
 */
export async function api<Answer = void>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body)
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer
  const failure = await failureIn(response)
  if (failure.code === 'sign_in_required') {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`)
    return new Promise(() => undefined)
  }
  if (failure.code !== 'password_check_needed') throw failure
  const isGiven = await askPassword((password) => api('POST', '/app/password-checks', { password }))
  if (!isGiven) throw failure
  return api(method, path, body)
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'latchkey-app': '1', ...(body !== undefined && { 'content-type': 'application/json' }) }
  return fetch(path, {
    ...{ method, headers, signal: AbortSignal.timeout(30_000) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiFailure(0, unreachable)
  })
}

async function failureIn(response: Response): Promise<ApiFailure> {
  const list = (await response.json().catch(() => undefined)) as ErrorList | undefined
  const [first] = list?.errors ?? []
  return new ApiFailure(response.status, first ?? { code: 'server_error', message: 'Something went wrong on our side.' })
}
