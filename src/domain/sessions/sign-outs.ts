import type { OperandValueExpressionOrList } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { ContactId, Instant, SessionId } from '#db/columns.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { forUpdate } from '#platform/database/row-lock.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { lockedFamilies } from './lock-sessions.ts'
import { WHOLE_LIFE, type Session } from './sessions.ts'

/** What ended together, and whose pause ends together; a session's own is named after the first of them. */
export type Family = string

/** Pages of another site have no cookie that tells their browser, so its pages share a family by person and device. */
export function familyOfDevice({ contact_id, device }: Pick<Session, 'contact_id' | 'device'>): Family {
  return hashOf(`${contact_id} ${device}`)
}

/** The person ends these first sessions, and with them what was handed over. Their browsers are not signed in again by themselves, at whatever host. */
export async function signOut(
  db: Db,
  workspace: Workspace,
  { roots, family }: { roots: readonly SessionId[]; family?: Family },
  now: Instant,
): Promise<void> {
  if (roots.length === 0) return
  await atomically(db, async (db) => {
    // Nothing more is handed over from them meanwhile: that would lock the same rows.
    const held = await lockedFamilies(db, workspace, roots).execute()
    if (held.length === 0) return
    await rememberSecrets(db, workspace, { roots, family, expires_at: now + WHOLE_LIFE })
    await db.deleteFrom('sessions').where('workspace_id', '=', workspace.id).where('id', 'in', roots).execute()
  })
}

async function rememberSecrets(
  db: Db,
  workspace: Workspace,
  { roots, family, expires_at }: { roots: readonly SessionId[]; family: Family | undefined; expires_at: Instant },
): Promise<void> {
  await db
    .insertInto('signed_out_sessions')
    .columns(['secret_hash', 'workspace_id', 'family', 'expires_at'])
    .expression(
      db
        .selectFrom('sessions')
        .select((row) => [
          'secret_hash',
          'workspace_id',
          family === undefined
            ? row.cast<string>(row.fn.coalesce('parent_session_id', 'id'), 'text').as('family')
            : row.cast<string>(row.val(family), 'text').as('family'),
          row.cast<Instant>(row.val(expires_at), 'bigint').as('expires_at'),
        ])
        .where('workspace_id', '=', workspace.id)
        .where('id', 'in', lockedFamilies(db, workspace, roots)),
    )
    .execute()
}

/** Whether the person has ended the session that one of these secrets was of; not so if it was revoked, or has run out. */
export async function findSignedOut(db: Db, workspace: Workspace, secrets: readonly string[], now: Instant): Promise<string | undefined> {
  if (secrets.length === 0) return undefined
  const found = await db
    .selectFrom('signed_out_sessions')
    .select('secret_hash')
    .where('workspace_id', '=', workspace.id)
    .where('secret_hash', 'in', secrets.map(hashOf))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found && secrets.find((secret) => hashOf(secret) === found.secret_hash)
}

/** They sign in again by hand: at every host that has a secret of the same family. */
export async function forgetSignOut(db: Db, workspace: Workspace, secrets: readonly string[]): Promise<void> {
  if (secrets.length === 0) return
  await forget(db, workspace, (families) =>
    families
      .selectFrom('signed_out_sessions as own')
      .select('own.family')
      .where('own.workspace_id', '=', workspace.id)
      .where('own.secret_hash', 'in', secrets.map(hashOf)),
  )
}

/** They boot again, on a page of another site. */
export async function forgetSignOutOfDevice(
  db: Db,
  workspace: Workspace,
  session: { contact_id: ContactId | null; device: string },
): Promise<void> {
  await forget(db, workspace, [familyOfDevice(session)])
}

/** In one order, since each host of a browser may ask for it at once. */
async function forget(
  db: Db,
  workspace: Workspace,
  families: OperandValueExpressionOrList<Schema, 'signed_out_sessions', 'family'>,
): Promise<void> {
  const locked = db
    .selectFrom('signed_out_sessions')
    .select('secret_hash')
    .where('workspace_id', '=', workspace.id)
    .where('family', 'in', families)
    .orderBy('secret_hash')
    .modifyEnd(forUpdate(db))
  await db.deleteFrom('signed_out_sessions').where('workspace_id', '=', workspace.id).where('secret_hash', 'in', locked).execute()
}
