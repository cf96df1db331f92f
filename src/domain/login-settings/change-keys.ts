import type { Instant, Platform } from '#db/schema.ts'
import { createSecret, retireSigningKey, type SigningKeyRow } from '#domain/identity/signing-keys.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { audited, type Actor } from './audited.ts'

/** The secret is answered this once. */
export async function addSecret(
  db: Db,
  encryption: Encryption,
  actor: Actor,
  { name, platforms, now }: { name: string; platforms: Platform[]; now: Instant },
): Promise<{ row: SigningKeyRow; secret: string }> {
  return audited(
    db,
    actor,
    async (db) => {
      const result = await createSecret(db, encryption, actor.workspace, { name, platforms, now })
      return { result, deed: { action: 'key.added', subject: result.row.kid, detail: `${name} (${platforms.join(', ')})` } }
    },
    now,
  )
}

/** Answers how many sessions ended with it. */
export async function retireKey(
  db: Db,
  actor: Actor,
  kid: string,
  { endSessions, now }: { endSessions: boolean; now: Instant },
): Promise<number> {
  return audited(
    db,
    actor,
    async (db) => {
      const ended = await retireSigningKey(db, actor.workspace, kid, { now, endSessions })
      const detail = endSessions ? `with ${ended.length} sessions` : 'its sessions go on'
      return { result: ended.length, deed: { action: 'key.retired', subject: kid, detail } }
    },
    now,
  )
}
