import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import {
  addOrigin,
  changeWorkspace,
  listOrigins,
  removeOrigin,
  type Workspace,
  type WorkspaceSettings,
} from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { audited, type Actor } from './audited.ts'

export type LoginWorkspaceSettings = Pick<
  WorkspaceSettings,
  | 'enforcement_web'
  | 'enforcement_ios'
  | 'enforcement_android'
  | 'require_exp'
  | 'test_mode'
  | 'portal_on'
  | 'login_url'
  | 'logout_url'
  | 'return_to_parameter'
  | 'email_links'
  | 'cookie_door'
>

/** Changes what is given; every process follows within a second. */
export async function changeLogin(db: Db, actor: Actor, settings: LoginWorkspaceSettings, now: Instant): Promise<Workspace> {
  const { workspace } = actor
  const wanted = { ...settings, ...readAddresses(settings) }
  const changed = Object.entries(wanted).filter(([name, value]) => workspace[name as keyof Workspace] !== value)
  if (changed.length === 0) return workspace
  const detail = changed.map(([name, value]) => `${name}: ${workspace[name as keyof Workspace] ?? 'none'} → ${value ?? 'none'}`).join(', ')
  return audited(
    db,
    actor,
    async (db) => ({ result: await changeWorkspace(db, workspace, wanted), deed: { action: 'login.changed', detail } }),
    now,
  )
}

export async function listOrigin(db: Db, actor: Actor, address: string, now: Instant): Promise<string> {
  return audited(
    db,
    actor,
    async (db) => {
      const before = await listOrigins(db, actor.workspace)
      const origin = await addOrigin(db, actor.workspace, address, now)
      return { result: origin, deed: before.includes(origin) ? undefined : { action: 'origin.listed', subject: origin } }
    },
    now,
  )
}

export async function unlistOrigin(db: Db, actor: Actor, origin: string, now: Instant): Promise<void> {
  await audited(
    db,
    actor,
    async (db) => {
      if (!(await listOrigins(db, actor.workspace)).includes(origin)) throw new Failure('not_found')
      await removeOrigin(db, actor.workspace, origin)
      return { result: undefined, deed: { action: 'origin.removed', subject: origin } }
    },
    now,
  )
}

function readAddresses(settings: LoginWorkspaceSettings): LoginWorkspaceSettings {
  const read: LoginWorkspaceSettings = {}
  for (const field of ['login_url', 'logout_url'] as const) {
    const value = settings[field]
    if (value !== undefined) read[field] = value === null || value.trim() === '' ? null : readAddress(value.trim(), field)
  }
  return read
}

function readAddress(value: string, field: string): string {
  const url = URL.parse(value)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new Failure('parameter_invalid', { field, detail: 'This is no http(s) address, such as https://app.example.com/login' })
  return url.href
}
