import type { HttpAnswer, HttpClient, HttpFault, HttpQuestion } from '#platform/http-client/http-client.ts'

export type Site = (question: HttpQuestion) => { status?: number; body?: unknown; headers?: Record<string, string> } | HttpFault

/** The world outside, as far as a test needs it: sites by their address, and a list of what was asked. */
export interface Internet extends HttpClient {
  sites: Map<string, Site>
  asked: string[]
}

export function openInternet(sites: Record<string, Site> = {}): Internet {
  const internet: Internet = {
    sites: new Map(Object.entries(sites)),
    asked: [],
    async fetch(url, question = {}): Promise<HttpAnswer | HttpFault> {
      internet.asked.push(String(url))
      // An answer from outside never comes in the same turn.
      await new Promise((resolve) => void setImmediate(resolve))
      const answer = internet.sites.get(String(url))?.(question)
      if (!answer) return { ok: false, fault: 'dns', detail: 'The name cannot be resolved (ENOTFOUND).' }
      if ('ok' in answer) return answer
      const { status = 200, body = '', headers = {} } = answer
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return { ok: true, status, headers, body: Buffer.from(text), address: '93.184.215.14' }
    },
  }
  return internet
}
