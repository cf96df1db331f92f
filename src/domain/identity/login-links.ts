import type { ContactId, Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { findContactByExternalId } from '#domain/contacts/contacts.ts'
import { listHosts, listOrigins, type Workspace } from '#domain/workspaces/workspaces.ts'
import { findReturnTo } from './return-to.ts'
import { takeToken } from './used-tokens.ts'

const DAY = 86_400_000
/** In seconds. */
export const LINK_LIFE = { shortest: 10, usual: 300, longest: 600 }

export interface LoginLink {
  contact_id: ContactId
  return_to: string
}

export interface NewLoginLink {
  user_id: string
  return_to?: string | undefined
  /** Seconds, at most 600. */
  expires_in?: number | undefined
  /** Origin of one of the workspace's hosts; else its primary one. */
  host?: string | undefined
}

/** Door 4: an address that signs this user in once. It creates nobody, since it says nothing about a person but their id. */
export async function createLoginLink(
  db: Db,
  workspace: Workspace,
  { user_id, return_to = '/', expires_in = LINK_LIFE.usual, host }: NewLoginLink,
  now: Instant,
): Promise<{ url: string; expires_at: Instant }> {
  const own = await hostOf(db, workspace, host)
  const safe = findReturnTo(return_to, { own, listed: new Set(await listOrigins(db, workspace)) })
  if (safe === undefined) throw new Failure('return_to_not_allowed', { field: 'return_to' })
  const contact = await findContactByExternalId(db, workspace, user_id)
  if (!contact) throw new Failure('contact_not_found', { field: 'user_id' })
  if (contact.blocked_at !== null) throw new Failure('contact_blocked')
  const code = newSecret()
  const life = Math.min(LINK_LIFE.longest, Math.max(LINK_LIFE.shortest, expires_in)) * 1000
  const link = { code_hash: hashOf(code), workspace_id: workspace.id, contact_id: contact.id, return_to: safe }
  await db
    .insertInto('login_links')
    .values({ ...link, created_at: now, expires_at: now + life })
    .execute()
  return { url: `${own}/login/link/${code}`, expires_at: now + life }
}

/** Looks, and changes nothing: link scanners and previews open addresses, too. */
export async function getLoginLink(db: Db, workspace: Workspace, code: string, now: Instant): Promise<LoginLink> {
  const link = await db
    .selectFrom('login_links')
    .select(['contact_id', 'return_to', 'expires_at'])
    .where('workspace_id', '=', workspace.id)
    .where('code_hash', '=', hashOf(code))
    .executeTakeFirst()
  if (!link) throw await whyNot(db, workspace, code)
  if (link.expires_at <= now) throw new Failure('login_expired')
  return link
}

/** The link's one use; that it was used is remembered for a day. */
export async function takeLoginLink(db: Db, workspace: Workspace, code: string, now: Instant): Promise<LoginLink> {
  const link = await atomically(db, async (db) => {
    const taken = await db
      .deleteFrom('login_links')
      .where('workspace_id', '=', workspace.id)
      .where('code_hash', '=', hashOf(code))
      .returning(['contact_id', 'return_to', 'expires_at'])
      .executeTakeFirst()
    if (taken) await takeToken(db, workspace, { replay_key: replayKey(code), replayable_until: now + DAY })
    return taken
  })
  if (!link) throw await whyNot(db, workspace, code)
  if (link.expires_at <= now) throw new Failure('login_expired')
  return link
}

/** Links that ran out are kept for a day, so that opening one says so. */
export async function pruneLoginLinks(db: Db, now: Instant): Promise<void> {
  await db
    .deleteFrom('login_links')
    .where('expires_at', '<=', now - DAY)
    .execute()
}

async function whyNot(db: Db, workspace: Workspace, code: string): Promise<Failure> {
  const used = await db
    .selectFrom('used_tokens')
    .select('replay_key')
    .where('workspace_id', '=', workspace.id)
    .where('replay_key', '=', replayKey(code))
    .executeTakeFirst()
  return new Failure(used ? 'login_link_used' : 'login_link_unknown')
}

function replayKey(code: string): string {
  return `link/${hashOf(code)}`
}

async function hostOf(db: Db, workspace: Workspace, wanted: string | undefined): Promise<string> {
  const hosts = await listHosts(db, workspace)
  const host =
    wanted === undefined ? (hosts.find(({ is_primary }) => is_primary === 1) ?? hosts[0]) : hosts.find(({ origin }) => origin === wanted)
  if (!host) throw new Failure('parameter_invalid', { field: 'host', detail: 'The workspace has no such support host.' })
  return host.origin
}
