import type { Instant, Platform } from '#db/columns.ts'
import {
  addPublicKey,
  createSecret,
  keepJwks,
  readNewJwks,
  retireSigningKey,
  type NewPublicKey,
  type SigningKeyRow,
} from '#domain/identity/signing-keys.ts'
import type { Db } from '#platform/database/database.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
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

export type PublicKeyToAdd = NewPublicKey & ({ text: string } | { url: string; assertsUserId: boolean })

/** A pasted public key, or the address where an issuer publishes its own; that one is read before the transaction begins. */
export async function addPublic(db: Db, httpClient: HttpClient, actor: Actor, key: PublicKeyToAdd): Promise<SigningKeyRow> {
  const keep = await keeperOf(httpClient, actor, key)
  return audited(
    db,
    actor,
    async (db) => {
      const row = await keep(db)
      return { result: row, deed: { action: 'key.added', subject: row.kid, detail: `${row.name}: ${row.algorithm} of ${row.issuer}` } }
    },
    key.now,
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

async function keeperOf(httpClient: HttpClient, { workspace }: Actor, key: PublicKeyToAdd): Promise<(db: Db) => Promise<SigningKeyRow>> {
  if ('text' in key) return (db) => addPublicKey(db, workspace, key)
  const jwks = await readNewJwks(httpClient, key)
  return (db) => keepJwks(db, workspace, { ...key, jwks })
}
