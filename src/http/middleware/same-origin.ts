import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'

/** Forms that change something come from the support host's own pages. */
export async function sameOriginOnly(request: FastifyRequest): Promise<void> {
  requireOwnOrigin(request, request.supportHost.origin)
}

/** OWASP CSRF sheet: `Sec-Fetch-Site` says where a request comes from, or `Origin` where a browser lacks it. */
export function requireOwnOrigin({ headers }: FastifyRequest, own: string): void {
  const site = headers['sec-fetch-site']
  const isOwn = site === undefined ? headers.origin === own : site === 'same-origin'
  if (!isOwn) throw new Failure('cross_site_request')
}
