import type { FastifyRequest } from 'fastify'
import type { Instant } from '#db/schema.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { listProviders, type Provider } from '#domain/openid/providers.ts'
import { findHost, listHosts, listOrigins, type Host, type Workspace } from '#domain/workspaces/workspaces.ts'

/** A change of hosts, origins or settings is seen by every process within this time. */
const FRESH_MS = 1000
const KNOWN_HOSTS = 1000

interface Served {
  workspace: Workspace
  host: Host
  hosts: readonly Host[]
  origins: ReadonlySet<string>
  providers: readonly Provider[]
}

/** Answers a hook that finds the workspace by the Host header alone, but where a proxy asks for another site; an unknown host gets nothing. */
export function supportHostHook(db: Db, now: () => Instant) {
  const known = new Map<string, { at: Instant; served: Served | undefined }>()
  const find = async (host = ''): Promise<Served | undefined> => {
    const name = host.toLowerCase()
    let entry = known.get(name)
    if (!entry || Math.abs(now() - entry.at) >= FRESH_MS) {
      entry = { at: now(), served: await readServed(db, name) }
      if (known.size >= KNOWN_HOSTS) known.clear()
      known.set(name, entry)
    }
    return entry.served
  }
  return async (request: FastifyRequest): Promise<void> => {
    const forwarded = forwardedHost(request)
    const served = (await find(request.headers.host)) ?? (forwarded === undefined ? undefined : await find(forwarded))
    if (!served) throw new Failure('unknown_host')
    request.workspace = served.workspace
    request.supportHost = served.host
    request.hosts = served.hosts
    request.origins = served.origins
    request.providers = served.providers
  }
}

/** A proxy that asks us under a name of its own says for which host; a host that is known needs no such word, so none can replace it. */
function forwardedHost({ routeOptions, headers, server, socket }: FastifyRequest): string | undefined {
  const said = headers['x-forwarded-host']
  const isBelieved = routeOptions.config?.forwardedHost === true && server.isTrustedProxy(socket.remoteAddress)
  return isBelieved && typeof said === 'string' ? said : undefined
}

async function readServed(db: Db, name: string): Promise<Served | undefined> {
  const found = await findHost(db, name)
  if (!found) return undefined
  const { workspace } = found
  const [hosts, origins, providers] = await Promise.all([
    listHosts(db, workspace),
    listOrigins(db, workspace),
    listProviders(db, workspace),
  ])
  return { ...found, hosts, origins: new Set(origins), providers }
}
