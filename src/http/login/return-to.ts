import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import { findReturnTo } from '#domain/identity/return-to.ts'

const SHOWN = 100

/** Where this login leads; what is not allowed becomes `/`, and the login log says so. */
export function safeReturnTo(request: FastifyRequest, returnTo: string | undefined): string {
  if (returnTo === undefined) return '/'
  const { supportHost, origins } = request
  const found = findReturnTo(returnTo, { own: supportHost.origin, listed: origins })
  if (found === undefined) request.caveat = new Failure('return_to_not_allowed', { hint: hintFor(returnTo) })
  return found ?? '/'
}

/** Names the origin alone: what follows it is the person's own. */
function hintFor(returnTo: string): string {
  const origin = URL.parse(returnTo)?.origin.slice(0, SHOWN)
  return origin === undefined || origin === 'null'
    ? 'return_to is neither a path nor a full address; it led to / instead.'
    : `${origin} is neither this host nor a listed origin; the login led to / instead.`
}
