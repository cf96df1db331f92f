import type { Instant, WorkspaceId } from '#db/schema.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { listSigningKeys, openSecret, type SigningKeyRow } from './signing-keys.ts'

/** A retired secret is dead within this time on every process. */
const FRESH_MS = 1000
const LAST_USED_STEP_MS = 60_000

export interface SigningKey {
  row: SigningKeyRow
  bytes: Uint8Array
}

export interface Keyring {
  keysOf(workspace: Workspace, now: Instant): Promise<SigningKey[]>
  /** Remembers, at most once a minute, that the key was used. */
  noteUse(key: SigningKey, now: Instant): Promise<void>
}

export function openKeyring(db: Db, encryption: Encryption): Keyring {
  const known = new Map<WorkspaceId, { at: Instant; keys: SigningKey[] }>()
  return {
    async keysOf(workspace, now) {
      const found = known.get(workspace.id)
      if (found && Math.abs(now - found.at) < FRESH_MS) return found.keys
      const rows = await listSigningKeys(db, workspace)
      const keys = rows.map((row) => ({ row, bytes: Buffer.from(openSecret(encryption, workspace, row)) }))
      known.set(workspace.id, { at: now, keys })
      return keys
    },
    async noteUse(key, now) {
      if (now - (key.row.last_used_at ?? 0) < LAST_USED_STEP_MS) return
      key.row.last_used_at = now
      await db
        .updateTable('signing_keys')
        .set({ last_used_at: now })
        .where('workspace_id', '=', key.row.workspace_id)
        .where('id', '=', key.row.id)
        .execute()
    },
  }
}
