import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Probe } from '#domain/diagnosis/probes.ts'
import { PROBE_LIFE } from '#domain/diagnosis/probes.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import { newSecret } from '#platform/ids/ids.ts'
import { readCookie, setCookie } from './cookies.ts'

const KNOWN = 10_000

/** A boot from the app's page sets a cookie whose only use is to come back with a page load: then cookies pass. */
export function setProbe(request: FastifyRequest, reply: FastifyReply, outcome: Probe['last_outcome']): void {
  const { origin } = request.headers
  if (origin === undefined || !request.origins.has(origin) || readCookie(request, 'probe') !== undefined) return
  const { probes, now } = request.server
  const reference = newSecret()
  setCookie(reply, 'probe', reference, PROBE_LIFE / 1000)
  const { workspace, supportHost } = request
  probes.add({ is: 'set', workspace_id: workspace.id, reference, host: supportHost.host, origin, outcome, at: now() })
}

/** Answers a hook for every support host request: notes which page loads bring the probe, and which came from the app without any cookie of ours. */
export function probeReturnHook() {
  const known = boundedCache<string, true>(KNOWN)
  return (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    if (isPageLoad(request)) noteReturn(request, known)
    done()
  }
}

function noteReturn(request: FastifyRequest, known: BoundedCache<string, true>): void {
  const { probes, sightings, now } = request.server
  const workspace_id = request.workspace.id
  const reference = readCookie(request, 'probe')
  if (reference === undefined) {
    const origin = cameFromApp(request)
    if (origin !== undefined && !request.headers.cookie?.includes('latchkey'))
      sightings.add({ workspace_id, kind: 'page_without_cookie', host: request.supportHost.host, origin, at: now() })
  } else if (!known.get(reference)) {
    known.set(reference, true)
    probes.add({ is: 'returned', workspace_id, reference, at: now() })
  }
}

function isPageLoad({ method, headers, routeOptions }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode']
  return method === 'GET' && routeOptions.config.page === true && (mode === undefined || mode === 'navigate')
}

/** A link on a page of a listed origin led here, within one site: a stored cookie would have come along. */
function cameFromApp({ headers, origins }: FastifyRequest): string | undefined {
  if (headers['sec-fetch-site'] !== 'same-site') return undefined
  const origin = URL.parse(headers.referer ?? '')?.origin
  return origin !== undefined && origins.has(origin) ? origin : undefined
}
