import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import { refusedAt } from './decisions.ts'

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
const NO_ORIGIN = 'A browser sent it from another origin, and no Origin arrived: something on the way drops that header.'

/** Credentialed CORS (Fetch standard) for the workspace's listed origins and the host itself; nobody else may call. */
export async function fromListedOrigin(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined) {
    if (!isForeignSubresource(request)) return
    throw new Failure('origin_not_allowed', { hint: NO_ORIGIN })
  }
  if (!isAllowed(request, origin)) throw new Failure('origin_not_allowed', { hint: nearMiss(origin, request.origins) })
  if (origin === request.supportHost.origin) return
  reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true')
}

/** For a door: what is refused here is a decision, and a browser whose preflight is refused never gets to ask more. */
export async function fromListedOriginAtDoor(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await fromListedOrigin(request, reply).catch(refusedAt(request, 'boot'))
}

export async function answerPreflight(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  await (request.url === '/messenger/boot' ? fromListedOriginAtDoor : fromListedOrigin)(request, reply)
  return reply
    .header('access-control-allow-methods', 'GET, POST, PUT')
    .header('access-control-allow-headers', 'authorization, content-type, last-event-id')
    .header('access-control-max-age', '600')
    .code(204)
    .send()
}

export function isAllowed(request: FastifyRequest, origin: string): boolean {
  return origin === request.supportHost.origin || request.origins.has(origin)
}

/** The listed origin that was most likely meant. */
function nearMiss(origin: string, listed: ReadonlySet<string>): string | undefined {
  const page = URL.parse(origin)
  if (!page) return origin === 'null' ? 'The page has no origin: it was opened from a file, or in a sandboxed frame.' : undefined
  const near = [...listed].map((one) => new URL(one)).find((one) => bare(one) === bare(page))
  if (!/^https?:$/.test(page.protocol))
    return `${page.protocol} is no web origin and cannot be listed: serve the app’s web view over https, or boot from its native part, without Origin.`
  if (!near) return `${origin} is not listed: latchkey origin add APP_ID ${origin}`
  if (bareName(near) !== bareName(page)) return `${near.origin} is listed; ${origin} is another origin, though it is the same machine.`
  if (near.protocol !== page.protocol) return `${near.origin} is listed; this page came over ${page.protocol.slice(0, -1)}.`
  if (near.port !== page.port) return `${near.origin} is listed; this page has another port. Each port is an origin of its own.`
  return `${near.origin} is listed; ${origin} is another origin and needs its own line.`
}

function bare(url: URL): string {
  return LOOPBACK.test(url.hostname) ? 'this machine' : bareName(url)
}

function bareName({ hostname }: URL): string {
  return hostname.replace(/^www\./, '').replace(/\.$/, '')
}

/** A browser says where a request without Origin comes from; who says nothing is no browser and has no ambient cookie. */
function isForeignSubresource(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}
