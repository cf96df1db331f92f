import type { FastifyReply, FastifyRequest } from 'fastify'
import { stylesheetIn } from '#http/html/stylesheet.ts'

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' STYLE; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
const YEAR = 31_536_000

/** Every answer gets these; a route that needs another policy (the Messenger frame, a file) sets its own before. */
export function addSecurityHeaders(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
  reply.header('x-content-type-options', 'nosniff')
  reply.header('latchkey-request-id', request.id)
  if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'strict-origin-when-cross-origin')
  if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', pagePolicy(request))
  if (!reply.hasHeader('cross-origin-opener-policy')) reply.header('cross-origin-opener-policy', 'same-origin')
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store')
  if (publicAddress(request)?.startsWith('https:')) reply.header('strict-transport-security', `max-age=${YEAR}`)
  done()
}

const ELSEWHERE = PAGE_POLICY.replace(' STYLE', '')
const policies = new WeakMap<object, string>()

/** The same for every page of a host, until something of its workspace changes. */
function pagePolicy(request: FastifyRequest): string {
  const { hosts, workspace } = request
  if (!hosts) return ELSEWHERE
  const known = policies.get(hosts)
  if (known !== undefined) return known
  const policy = PAGE_POLICY.replace('STYLE', stylesheetIn(workspace.action_color).source) + redirectTargets(request)
  policies.set(hosts, policy)
  return policy
}

/** Of the support host or the teammates' host; an unknown host has none. */
function publicAddress({ supportHost, headers, server: { config } }: FastifyRequest): string | undefined {
  return supportHost?.origin ?? (headers.host === new URL(config.teamUrl).host ? config.teamUrl : undefined)
}

/** Browsers hold a form's redirects to `form-action` too: signing out may lead to the Logout URL, signing in to a listed origin or another host. */
function redirectTargets({ origins, hosts, supportHost, workspace }: FastifyRequest): string {
  const others = hosts.filter(({ id }) => id !== supportHost.id).map(({ origin }) => origin)
  const logout = workspace.logout_url === null ? [] : [new URL(workspace.logout_url).origin]
  return [...new Set([...origins, ...others, ...logout])].map((origin) => ` ${origin}`).join('')
}
