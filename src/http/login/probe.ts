import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ProbeAnswer } from '#shared/diagnosis.ts'
import { Failure } from '#errors'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { cookieName, readCookie, setCookie } from '#http/middleware/cookies.ts'
import { isAllowed } from '#http/middleware/listed-origin.ts'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import { networkOf } from '#http/middleware/network.ts'
import type { App } from '#http/app-types.ts'

const PER_MINUTE = 120
const LIVES_SECONDS = 60

const Asked = z.object({ host: z.string().max(300).optional(), nonce: z.string().max(8000).optional() })

/** What of a request arrived, for `latchkey doctor` and whoever asks. Answers under any Host, and to pages of any origin (without their cookies), since those are among the things that go wrong. */
export function probeRoutes(findSupportHost: (request: FastifyRequest) => Promise<void>) {
  const askers = minuteLimit(PER_MINUTE)
  return async (app: App): Promise<void> => {
    app.get('/login/probe', { config: { isStatic: true }, schema: { querystring: Asked } }, async (request, reply) => {
      askers.count(networkOf(request.ip), app.now())
      const isServed = await findSupportHost(request).then(
        () => true,
        (failure: unknown) => {
          if (failure instanceof Failure && failure.code === 'unknown_host') return false
          throw failure
        },
      )
      reply
        .code(isServed ? 200 : 421)
        .header('cache-control', 'private, no-store')
        .header('access-control-allow-origin', '*')
      return presentProbe(request, reply, { isServed, asked: request.query.host })
    })
  }
}

function presentProbe(
  request: FastifyRequest,
  reply: FastifyReply,
  { isServed, asked }: { isServed: boolean; asked: string | undefined },
): ProbeAnswer {
  const { headers, supportHost, server } = request
  return {
    type: 'login.probe',
    nonce: newSecret(),
    at: server.now(),
    // Only whether they are equal: the name that arrived may be one of an inner network.
    host_matches: asked === undefined || asked.toLowerCase() === headers.host?.toLowerCase(),
    origin: isServed ? supportHost.origin : null,
    query_arrived: asked !== undefined,
    proxy_not_trusted: headers['x-forwarded-for'] !== undefined && (request.ips?.length ?? 1) < 2,
    origin_header_arrived: headers.origin !== undefined,
    origin_listed: isServed && headers.origin !== undefined ? isAllowed(request, headers.origin) : null,
    cookie: isServed ? probeCookie(request, reply) : { name: '', set: null, received: null },
  }
}

function probeCookie(request: FastifyRequest, reply: FastifyReply): ProbeAnswer['cookie'] {
  const name = cookieName(request.supportHost, 'probe')
  const received = readCookie(request, 'probe')
  if (received !== undefined) return { name, set: null, received: hashOf(received) }
  const reference = newSecret()
  setCookie(reply, 'probe', reference, LIVES_SECONDS)
  return { name, set: hashOf(reference), received: null }
}
