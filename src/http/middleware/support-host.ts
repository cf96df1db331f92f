import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { keepUntil } from '#platform/database/kept.ts'
import { listProviders, type Provider } from '#domain/openid/providers.ts'
import { findHost, listHosts, listOrigins, type Host, type Workspace } from '#domain/workspaces/workspaces.ts'

const KNOWN_HOSTS = 1000

interface Served {
  workspace: Workspace
  host: Host
  hosts: readonly Host[]
  origins: ReadonlySet<string>
  providers: readonly Provider[]
}

/** The same objects as long as nothing of them changes: pages made with them are kept under them. */
const served = keepUntil<string, Served | null>(
  ['workspaces', 'hosts', '+hosts', 'origins', '+origins', 'oidc_providers', '+oidc_providers'],
  KNOWN_HOSTS,
)

/** Answers a hook that finds the workspace by the Host header alone, but where a proxy asks for another site; an unknown host gets nothing. */
export function supportHostHook(db: Db) {
  const find = (host = '') => {
    const name = host.toLowerCase()
    return served.read(db, name, () => readServed(db, name))
  }
  return async (request: FastifyRequest): Promise<void> => {
    const forwarded = forwardedHost(request)
    const found = (await find(request.headers.host)) ?? (forwarded === undefined ? undefined : await find(forwarded))
    if (!found) throw new Failure('unknown_host', { hint: (await nearHost(find, request.headers.host)) + hintOfForwarded(request) })
    request.workspace = found.workspace
    request.supportHost = found.host
    request.hosts = found.hosts
    request.origins = found.origins
    request.providers = found.providers
  }
}

/** What of the Host header is too much: a dot at its end, a port that a proxy added or that the address lacks. */
async function nearHost(find: (host: string) => Promise<Served | null>, host = ''): Promise<string> {
  const arrived = `The Host header that arrived is “${host.slice(0, 255)}”.`
  const bare = host.replace(/:\d+$/, '').replace(/\.$/, '')
  if (/^\d+\.\d+\.\d+\.\d+$|^\[/.test(bare)) return `${arrived} An address in numbers is no host here: open the name that was added.`
  const near = bare === host ? null : await find(bare)
  if (!near) return arrived
  return `${arrived} ${near.host.host} is served here: open it without the port or the dot, and let the proxy pass Host as it came ($http_host in nginx).`
}

/** Door 8 is asked under a name of the proxy's own, with the site's beside it. */
function hintOfForwarded({ routeOptions, headers, server, socket }: FastifyRequest): string {
  if (routeOptions.config?.forwardedHost !== true) return ''
  const said = headers['x-forwarded-host']
  if (typeof said !== 'string')
    return ' No X-Forwarded-Host came with it: let the proxy send the site’s host as Host or as X-Forwarded-Host.'
  const isTrusted = server.isTrustedProxy(socket.remoteAddress)
  return ` X-Forwarded-Host is “${said.slice(0, 255)}”, ${isTrusted ? 'which is no host here' : 'from an address that is not in LATCHKEY_TRUSTED_PROXIES'}.`
}

/** A proxy that asks us under a name of its own says for which host; a host that is known needs no such word, so none can replace it. */
function forwardedHost({ routeOptions, headers, server, socket }: FastifyRequest): string | undefined {
  const said = headers['x-forwarded-host']
  const isBelieved = routeOptions.config?.forwardedHost === true && server.isTrustedProxy(socket.remoteAddress)
  return isBelieved && typeof said === 'string' ? said : undefined
}

async function readServed(db: Db, name: string): Promise<Served | null> {
  const found = await findHost(db, name)
  if (!found) return null
  const { workspace } = found
  const [hosts, origins, providers] = await Promise.all([
    listHosts(db, workspace),
    listOrigins(db, workspace),
    listProviders(db, workspace),
  ])
  return { ...found, hosts, origins: new Set(origins), providers }
}
