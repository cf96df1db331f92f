import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Flag, Instant } from '#db/columns.ts'
import type { HostsTable, WorkspacesTable } from '#db/workspace-tables.ts'
import { Failure } from '#errors'

export type Workspace = Selectable<WorkspacesTable>
export type Host = Selectable<HostsTable>
export type WorkspaceSettings = Partial<Omit<Workspace, 'id' | 'app_id' | 'created_at'>>

export async function createWorkspace(
  db: Db,
  name: string,
  { now, appId = newAppId() }: { now: Instant; appId?: string },
): Promise<Workspace> {
  return db
    .insertInto('workspaces')
    .values({ app_id: appId, name, login_url: null, logout_url: null, created_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function getWorkspace(db: Db, appId: string): Promise<Workspace> {
  const workspace = await db.selectFrom('workspaces').selectAll().where('app_id', '=', appId).executeTakeFirst()
  if (!workspace) throw new Failure('not_found', { detail: `There is no workspace ${appId}.` })
  return workspace
}

export async function listWorkspaces(db: Db): Promise<Workspace[]> {
  return db.selectFrom('workspaces').selectAll().orderBy('id').execute()
}

export async function changeWorkspace(db: Db, workspace: Workspace, settings: WorkspaceSettings): Promise<Workspace> {
  return db.updateTable('workspaces').set(settings).where('id', '=', workspace.id).returningAll().executeTakeFirstOrThrow()
}

/** Adds a host for whoever holds the machine, which is the proof. `address` is its public address; scheme and port come from here and never from a header. */
export async function addHost(db: Db, workspace: Workspace, address: string, now: Instant): Promise<Host> {
  return addProvedHost(db, workspace, { ...hostAt(address), proved_by: 'operator' }, now)
}

export async function addProvedHost(
  db: Db,
  workspace: Workspace,
  { host, origin, proved_by }: Pick<Host, 'host' | 'origin' | 'proved_by'>,
  now: Instant,
): Promise<Host> {
  const added = await db
    .insertInto('hosts')
    .values((row) => ({
      ...{ workspace_id: workspace.id, host, origin, proved_by, created_at: now },
      is_primary: row
        .case()
        .when(row.exists(primaryOf(db, workspace).select('id')))
        .then<Flag>(0)
        .else<Flag>(1)
        .end(),
    }))
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!added) throw new Failure('parameter_invalid', { field: 'address', detail: `${origin} is served by this installation already.` })
  return added
}

export async function listHosts(db: Db, workspace: Workspace): Promise<Host[]> {
  return db.selectFrom('hosts').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

/** The oldest of the others is the primary host from then on, if this one was. */
export async function removeHost(db: Db, workspace: Workspace, address: string): Promise<void> {
  await atomically(db, async (db) => {
    await db.deleteFrom('hosts').where('workspace_id', '=', workspace.id).where('origin', '=', webAddress(address).origin).execute()
    if (await findPrimaryHost(db, workspace)) return
    const [oldest] = await listHosts(db, workspace)
    if (oldest) await setPrimary(db, oldest)
  })
}

export async function findPrimaryHost(db: Db, workspace: Workspace): Promise<Host | undefined> {
  return primaryOf(db, workspace).selectAll().executeTakeFirst()
}

export async function makeHostPrimary(db: Db, workspace: Workspace, address: string): Promise<Host> {
  const { origin } = webAddress(address)
  return atomically(db, async (db) => {
    const host = (await listHosts(db, workspace)).find((host) => host.origin === origin)
    if (!host) throw new Failure('not_found', { detail: `${origin} is no host of ${workspace.app_id}.` })
    await db.updateTable('hosts').set({ is_primary: 0 }).where('workspace_id', '=', workspace.id).execute()
    await setPrimary(db, host)
    return host
  })
}

function primaryOf(db: Db, workspace: Workspace) {
  return db.selectFrom('hosts').where('workspace_id', '=', workspace.id).where('is_primary', '=', 1)
}

async function setPrimary(db: Db, { workspace_id, id }: Host): Promise<void> {
  await db.updateTable('hosts').set({ is_primary: 1 }).where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
}

export async function findHost(db: Db, host: string): Promise<{ host: Host; workspace: Workspace } | undefined> {
  const found = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst()
  if (!found) return undefined
  const workspace = await db.selectFrom('workspaces').selectAll().where('id', '=', found.workspace_id).executeTakeFirstOrThrow()
  return { host: found, workspace }
}

export async function addOrigin(db: Db, workspace: Workspace, address: string, now: Instant): Promise<string> {
  const { origin } = webAddress(address)
  await db
    .insertInto('origins')
    .values({ workspace_id: workspace.id, origin, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return origin
}

export async function removeOrigin(db: Db, workspace: Workspace, address: string): Promise<void> {
  await db.deleteFrom('origins').where('workspace_id', '=', workspace.id).where('origin', '=', webAddress(address).origin).execute()
}

export async function listOrigins(db: Db, workspace: Workspace): Promise<string[]> {
  return (await listOriginRows(db, workspace)).map((row) => row.origin)
}

export async function listOriginRows(db: Db, workspace: Workspace): Promise<{ origin: string; created_at: Instant }[]> {
  return db.selectFrom('origins').select(['origin', 'created_at']).where('workspace_id', '=', workspace.id).orderBy('origin').execute()
}

/** The Host header and the origin of a public address. */
export function hostAt(address: string): Pick<Host, 'host' | 'origin'> {
  const { host, origin } = webAddress(address)
  return { host, origin }
}

/** What its cookies know of it: they are the same at every port. */
export function hostnameOf({ host }: Host): string {
  return host.replace(/:\d+$/, '')
}

function webAddress(address: string): URL {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Failure('parameter_invalid', { detail: `${address} is not an http(s) address such as https://help.example.com` })
  }
  return url
}

/** 8 characters a person can read aloud. */
function newAppId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from(randomBytes(8), (byte) => alphabet[byte % alphabet.length]).join('')
}
