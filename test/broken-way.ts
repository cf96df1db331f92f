import type { HttpAnswer, HttpClient } from '#platform/http-client/http-client.ts'
import type { House } from '#test/house.ts'

export interface Exchange {
  url: URL
  method: string
  headers: Record<string, string>
}

/** What stands between the asker and the house; each part may spoil what passes. */
export interface Way {
  /** Changes the request on its way in. */
  inward?(exchange: Exchange): void
  /** Changes the answer on its way out. */
  outward?(answer: HttpAnswer, exchange: Exchange): void
  /** Answers instead of the house. */
  instead?(exchange: Exchange): HttpAnswer | { fault: 'dns' | 'connect' | 'tls' | 'timeout' | 'address_not_allowed' } | undefined
}

export function answerOf(status: number, headers: Record<string, string> = {}, body = ''): HttpAnswer {
  return { ok: true, status, headers, body: Buffer.from(body), address: '192.0.2.1' }
}

/** A network with nothing in it but the house, behind `way`, and whatever `way` answers itself. */
export function networkTo(house: House, way: Way = {}): HttpClient {
  return {
    async fetch(address, { method = 'GET', headers = {}, body } = {}) {
      const url = new URL(address)
      const exchange: Exchange = { url, method, headers: { host: url.host, ...headers } }
      const other = way.instead?.(exchange)
      if (other && 'fault' in other) return { ok: false, fault: other.fault, detail: `It failed: ${other.fault}.` }
      if (other) return other
      way.inward?.(exchange)
      const response = await house.app.inject({
        method: method as 'GET',
        url: exchange.url.pathname + exchange.url.search,
        headers: exchange.headers,
        ...(typeof body === 'string' && { payload: body }),
      })
      const flat = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const)
      const answer = answerOf(response.statusCode, Object.fromEntries(flat), response.body)
      way.outward?.(answer, exchange)
      return answer
    },
  }
}
