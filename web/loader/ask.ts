import type { ErrorList } from '#shared/messenger.ts'
import type { Loader } from './loader.ts'
import { backoff, bare, complain, sleep } from './page.ts'

const CSP_HINT = ' could not be reached; is this page an allowed origin, and does its CSP (connect-src) allow it?'

export const post = (loader: Loader, path: string, body: unknown, options?: RequestInit) =>
  fetch(
    `${loader.origin}/messenger/${path}`,
    bare<RequestInit>({
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...options,
    }),
  )

/** The answer; null when the server refused (said on the console); undefined when it could not be reached. */
export async function ask<Answer>(loader: Loader, path: string, body: unknown, signal: AbortSignal): Promise<Answer | null | undefined> {
  for (let failures = 0; failures < 5 && !signal.aborted; failures++) {
    if (failures) await sleep(backoff(failures), signal)
    try {
      const response = await post(loader, path, body, { signal })
      if (response.ok) return (await response.json()) as Answer
      if (response.status < 500 && response.status !== 429) return await explain(response)
    } catch {}
  }
  if (!signal.aborted) complain(loader.origin + CSP_HINT)
}

export async function explain(response: Response): Promise<null> {
  const list = (await response.json().catch(() => undefined)) as ErrorList | undefined
  const { code, message, docs = '' } = list?.errors?.[0] ?? { code: response.status, message: 'refused' }
  complain(`${code}: ${message} ${docs}`.trim())
  return null
}
