import type { Loader } from './loader.ts'
import { backoff, bare, report, sleep } from './page.ts'

/** A shutdown is a simple request, and all but a boot outlive the page that is left at once. */
export const post = ({ origin, headers }: Loader, path: string, body: unknown, signal?: AbortSignal) =>
  fetch(
    `${origin}/messenger/${path}`,
    bare({
      method: 'POST',
      credentials: 'include',
      keepalive: path !== 'boot',
      headers: bare({ 'content-type': path === 'shutdown' ? 'text/plain' : 'application/json' }),
      body: JSON.stringify(bare(body, headers)),
      signal,
    }),
  )

/** The answer; null when the server refused (said on the console); undefined when it could not be reached. */
export async function ask<Answer>(loader: Loader, path: string, body: unknown, signal: AbortSignal): Promise<Answer | null | undefined> {
  await loader.leaving
  for (let failures = 0; failures < 5 && !signal.aborted; failures++) {
    if (failures) await sleep(backoff(failures))
    try {
      const response = await post(loader, path, body, signal)
      if (response.ok) return (await response.json()) as Answer
      if (response.status < 500 && response.status !== 429) return explain(loader, response)
      if (failures === 1) explain(loader, response)
    } catch {
      if (failures === 1 && !signal.aborted) report(loader, 'cannot reach')
    }
  }
}

/** Says on the console why the server refused. */
export function explain(loader: Loader, response: Response): null {
  if (!response.ok) report(loader, 'refused', response)
  return null
}
