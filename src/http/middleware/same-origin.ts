import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'

/** Forms that change something come from our own pages: `Sec-Fetch-Site` says so, or `Origin` where a browser lacks it. */
export async function sameOriginOnly(request: FastifyRequest): Promise<void> {
  const site = request.headers['sec-fetch-site']
  const isOwn = site === undefined ? request.headers.origin === request.supportHost.origin : site === 'same-origin'
  if (!isOwn) throw new Failure('cross_site_request')
}
