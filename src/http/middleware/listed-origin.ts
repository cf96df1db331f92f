import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '#errors'

/** Credentialed CORS (Fetch standard) for the workspace's listed origins and the host itself; nobody else may call. */
export async function fromListedOrigin(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined) {
    if (!isForeignSubresource(request)) return
    throw new Failure('origin_not_allowed')
  }
  if (!isAllowed(request, origin)) throw new Failure('origin_not_allowed')
  if (origin === request.supportHost.origin) return
  reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true')
}

export async function answerPreflight(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  await fromListedOrigin(request, reply)
  return reply
    .header('access-control-allow-methods', 'GET, POST, PUT')
    .header('access-control-allow-headers', 'content-type, last-event-id')
    .header('access-control-max-age', '600')
    .code(204)
    .send()
}

export function isAllowed(request: FastifyRequest, origin: string): boolean {
  return origin === request.supportHost.origin || request.origins.has(origin)
}

/** A browser says where a request without Origin comes from; who says nothing is no browser and has no ambient cookie. */
function isForeignSubresource(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}
