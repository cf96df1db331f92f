import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import { findReturnTo } from '#domain/identity/return-to.ts'

const SHOWN = 100
const LONGEST = 2000

/** Where this login leads; what is not allowed becomes `/`, and the login log says so. */
export function safeReturnTo(request: FastifyRequest, returnTo: string | undefined): string {
  if (returnTo === undefined) return '/'
  const { supportHost, origins } = request
  const found = findReturnTo(returnTo, { own: supportHost.origin, listed: origins })
  if (found === undefined) request.caveat = new Failure('return_to_not_allowed', { hint: hintFor(returnTo, request) })
  return found ?? '/'
}

/** Names the origin alone: what follows it is the person's own. */
function hintFor(returnTo: string, { supportHost, hosts }: FastifyRequest): string {
  const origin = URL.parse(returnTo)?.origin.slice(0, SHOWN)
  const why = origin === undefined || origin === 'null' ? hintOfForm(returnTo) : `${origin} is neither this host nor a listed origin`
  const isOtherHost = hosts.some((host) => host.origin === origin && host.id !== supportHost.id)
  if (isOtherHost)
    return `${origin} is another host of this workspace: open the page there, it asks this one by itself; the login led to / instead.`
  const isSchemeAlone = origin !== undefined && origin !== supportHost.origin && origin.replace(/^http:/, 'https:') === supportHost.origin
  return `${isSchemeAlone ? `${origin} is this host under http, and it is https` : why}; the login led to / instead.`
}

function hintOfForm(returnTo: string): string {
  if (returnTo === '') return 'return_to came empty'
  if (['undefined', 'null'].includes(returnTo)) return `return_to is the text “${returnTo}”`
  if (/^(?:%2f|https?%3a)/i.test(returnTo)) return 'return_to was encoded twice'
  if (/^[/\\]{2}|^\/\\/.test(returnTo)) return 'return_to begins with two slashes, which leads to another host'
  if (returnTo.length > LONGEST) return `return_to has ${returnTo.length} characters; ${LONGEST} are the most`
  if (/[^!-~]/.test(returnTo)) return 'return_to has a space or another character in it that has to be percent-encoded'
  return /^[\w.-]+(?:\/|$|\?)/.test(returnTo) ? 'return_to is no path: begin it with /' : 'return_to is neither a path nor a full address'
}
