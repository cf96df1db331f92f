import type { Selectable } from 'kysely'
import type { Instant } from '#db/columns.ts'
import type { ApiTokensTable } from '#db/workspace-tables.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Teammate } from './teammates.ts'

export const SCOPES = [
  'contacts:read',
  'conversations:read',
  'conversations:write',
  'tickets:read',
  'tickets:write',
  'sessions:write',
  'login_links:write',
] as const
export type Scope = (typeof SCOPES)[number]

export type ApiToken = Omit<Selectable<ApiTokensTable>, 'token_hash'>

export interface ApiCaller {
  token_id: number
  scopes: ReadonlySet<string>
  teammate: Teammate
  workspace: Workspace
}

const PREFIX = 'lk_'
const FORM = /^lk_[\w-]{43}$/
const COLUMNS = [
  'id',
  'workspace_id',
  'teammate_id',
  'name',
  'hint',
  'scopes',
  'created_at',
  'last_used_at',
  'expires_at',
  'revoked_at',
] as const

/** `token` is `lk_` and 256 random bits, shown once; only its SHA-256 is kept. It speaks as this teammate. */
export async function createApiToken(
  db: Db,
  teammate: Teammate,
  { name, scopes = SCOPES, expires_at = null, now }: { name: string; scopes?: readonly Scope[]; expires_at?: Instant | null; now: Instant },
): Promise<{ row: ApiToken; token: string }> {
  if (scopes.length === 0) throw new Failure('parameter_invalid', { field: 'scopes', detail: 'An API token needs at least one scope.' })
  const token = PREFIX + newSecret()
  const row = await db
    .insertInto('api_tokens')
    .values({
      ...{ workspace_id: teammate.workspace_id, teammate_id: teammate.id, name, scopes: scopes.join(' ') },
      ...{ token_hash: hashOf(token), hint: token.slice(-4), created_at: now, last_used_at: null, expires_at, revoked_at: null },
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
  return { row, token }
}

export async function listApiTokens(db: Db, workspace: Workspace): Promise<ApiToken[]> {
  return db.selectFrom('api_tokens').select(COLUMNS).where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

/** Takes effect with the next request. */
export async function revokeApiToken(db: Db, workspace: Workspace, id: number, now: Instant): Promise<void> {
  const row = await db
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new Failure('not_found', { detail: `There is no live API token ${id}.` })
}

/** Who a token speaks for, if it is alive. */
export async function findApiCaller(db: Db, token: string, now: Instant): Promise<ApiCaller | undefined> {
  if (!FORM.test(token)) return undefined
  const row = await db.selectFrom('api_tokens').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst()
  if (!row || row.revoked_at !== null || (row.expires_at !== null && now >= row.expires_at)) return undefined
  const workspace = await db.selectFrom('workspaces').selectAll().where('id', '=', row.workspace_id).executeTakeFirstOrThrow()
  const teammate = await db
    .selectFrom('teammates')
    .selectAll()
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.teammate_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!teammate) return undefined
  return { token_id: row.id, scopes: new Set(row.scopes.split(' ')), teammate, workspace }
}

/** `uses` maps a token's id to the moment it was last used. */
export async function recordTokenUses(db: Db, uses: ReadonlyMap<number, Instant>): Promise<void> {
  await atomically(db, async (db) => {
    for (const [id, at] of uses) await db.updateTable('api_tokens').set({ last_used_at: at }).where('id', '=', id).execute()
  })
}

export function readScopes(text: string): Scope[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => {
      const scope = SCOPES.find((scope) => scope === word)
      if (!scope) throw new Failure('parameter_invalid', { detail: `${word} is not a scope; there are ${SCOPES.join(', ')}.` })
      return scope
    })
}
