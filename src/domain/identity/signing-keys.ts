import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Instant, SigningKeysTable, Platform, SessionId } from '#db/schema.ts'
import { Failure } from '#errors'
import { newSecret } from '#platform/ids/ids.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export type SigningKeyRow = Selectable<SigningKeysTable>

/** Made by us from 256 random bits (RFC 7518 §3.2); `secret` is shown once and kept only encrypted. */
export async function createSecret(
  db: Db,
  encryption: Encryption,
  workspace: Workspace,
  { name, platforms = ['web', 'ios', 'android'], now }: { name: string; platforms?: Platform[]; now: Instant },
): Promise<{ row: SigningKeyRow; secret: string }> {
  if (platforms.length === 0) throw new Failure('parameter_invalid', { detail: 'A messenger secret needs at least one platform.' })
  const kid = `mk_${randomBytes(6).toString('hex')}`
  const secret = newSecret()
  const has = (platform: Platform) => (platforms.includes(platform) ? 1 : 0)
  const row = await db
    .insertInto('signing_keys')
    .values({
      workspace_id: workspace.id,
      kid,
      name,
      material: encryption.seal(secret, sealContext(workspace, kid)),
      web: has('web'),
      ios: has('ios'),
      android: has('android'),
      created_at: now,
      last_used_at: null,
      retired_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, secret }
}

export async function listSigningKeys(db: Db, workspace: Workspace): Promise<SigningKeyRow[]> {
  return db.selectFrom('signing_keys').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

/** From now on its tokens are refused; with `endSessions` everything it signed in is signed out. Answers the sessions ended. */
export async function retireSigningKey(
  db: Db,
  workspace: Workspace,
  kid: string,
  { now, endSessions }: { now: Instant; endSessions: boolean },
): Promise<SessionId[]> {
  return atomically(db, async (db) => {
    const row = await db
      .updateTable('signing_keys')
      .set({ retired_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('kid', '=', kid)
      .where('retired_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new Failure('not_found', { detail: `There is no live messenger secret ${kid}.` })
    if (!endSessions) return []
    const ended = await db
      .deleteFrom('sessions')
      .where('workspace_id', '=', workspace.id)
      .where('signing_key_id', '=', row.id)
      .returning('id')
      .execute()
    return ended.map((session) => session.id)
  })
}

export function openSecret(encryption: Encryption, workspace: Workspace, row: SigningKeyRow): string {
  return encryption.open(row.material, sealContext(workspace, row.kid))
}

function sealContext(workspace: Workspace, kid: string): string {
  return `${workspace.app_id}/${kid}`
}
