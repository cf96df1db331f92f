import type { Instant, WorkspaceId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { readMapping, type ClaimMapping } from './claim-mapping.ts'
import { openJwksReader, FRESH_MS as JWKS_FRESH_MS, STALE_MS, readJwks } from './jwks.ts'
import { readPublicKey, type PublicAlgorithm, type PublicKey } from './public-keys.ts'
import { listSigningKeys, openSecret, type SigningKeyRow } from './signing-keys.ts'
import type { Jws } from './verify-jws.ts'

/** A retired key is dead within this time on every process. */
const FRESH_MS = 1000
const LAST_USED_STEP_MS = 60_000

/** A messenger secret. */
export interface SecretKey {
  kind: 'secret'
  row: SigningKeyRow
  bytes: Uint8Array
}

/** A pasted public key, or those that a JWKS publishes. */
export interface PublicSigner {
  kind: 'public_key' | 'jwks'
  row: SigningKeyRow
  publicKeys: readonly PublicKey[]
  mapping: ClaimMapping
}

export type SigningKey = SecretKey | PublicSigner

export function secretsAmong(keys: readonly SigningKey[]): SecretKey[] {
  return keys.filter((key) => key.kind === 'secret')
}

export interface Keyring {
  /** The very same list as long as nothing of the keys changes but when they were used. */
  keysOf(workspace: Workspace, now: Instant): Promise<readonly SigningKey[]>
  /** That list, if it is known without asking anybody. */
  knownKeysOf(workspace: Workspace, now: Instant): readonly SigningKey[] | undefined
  /** For a token that no known key signed: looks again, here for keys added a moment ago, and where its issuer publishes its keys. */
  lookAgain(workspace: Workspace, token: { jws: Jws; issuer: unknown }, now: Instant): Promise<readonly SigningKey[]>
  /** Remembers, at most once a minute, that the key was used. */
  noteUse(key: SigningKey, now: Instant): Promise<void>
  /** When nothing that the keyring began is running any more. */
  settled(): Promise<void>
}

export function openKeyring(db: Db, encryption: Encryption, httpClient: HttpClient): Keyring {
  const known = new Map<WorkspaceId, { at: Instant; state: string; keys: readonly SigningKey[] }>()
  const reader = openJwksReader(db, httpClient)
  const openPublic = publicOpener()
  const open = (workspace: Workspace, row: SigningKeyRow, now: Instant): SigningKey =>
    row.kind === 'secret'
      ? { kind: row.kind, row, bytes: Buffer.from(openSecret(encryption, workspace, row)) }
      : { kind: row.kind, row, ...openPublic(row, now) }
  const knownKeysOf: Keyring['knownKeysOf'] = (workspace, now) => {
    const found = known.get(workspace.id)
    return found && Math.abs(now - found.at) < FRESH_MS ? found.keys : undefined
  }
  const readKeys = async (workspace: Workspace, now: Instant) => {
    const rows = await listSigningKeys(db, workspace)
    // Nobody waits for it, and nobody can be told; the next reader sees what came of it.
    for (const row of rows.filter((row) => isDue(row, now))) void reader.refresh(row, now).catch(() => undefined)
    const state = stateOf(rows, now)
    const before = known.get(workspace.id)
    const keys = before?.state === state ? before.keys : rows.map((row) => open(workspace, row, now))
    known.set(workspace.id, { at: now, state, keys })
    return keys
  }
  const keysOf: Keyring['keysOf'] = async (workspace, now) => knownKeysOf(workspace, now) ?? readKeys(workspace, now)
  const forget = (workspace: Workspace) => {
    const entry = known.get(workspace.id)
    if (entry) entry.at = -Infinity
  }
  return {
    keysOf,
    knownKeysOf,
    async lookAgain(workspace, token, now) {
      if (known.get(workspace.id)?.at !== now) forget(workspace)
      const asked = (await keysOf(workspace, now)).filter((key) => mayPublish(key, token))
      const answers = await Promise.all(asked.map(({ row }) => reader.refresh(row, now)))
      if (answers.includes(true)) forget(workspace)
      return keysOf(workspace, now)
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
    settled: () => reader.settled(),
  }
}

function isDue({ kind, retired_at, fetched_at }: SigningKeyRow, now: Instant): boolean {
  return kind === 'jwks' && retired_at === null && now - (fetched_at ?? 0) >= JWKS_FRESH_MS
}

/** All that the keys are made of. */
function stateOf(rows: readonly SigningKeyRow[], now: Instant): string {
  return JSON.stringify(rows.map((row) => [{ ...row, last_used_at: null }, isTooOld(row, now)]))
}

function isTooOld({ kind, fetched_at }: SigningKeyRow, now: Instant): boolean {
  return kind === 'jwks' && now - (fetched_at ?? 0) >= STALE_MS
}

/** Only what claims to be of this issuer, under its algorithm and by a name not seen there yet, is worth a question. */
function mayPublish(key: SigningKey, { jws, issuer }: { jws: Jws; issuer: unknown }): boolean {
  if (key.kind !== 'jwks' || key.row.retired_at !== null) return false
  const isKnown = jws.kid !== undefined && key.publicKeys.some(({ kid }) => kid === jws.kid)
  return key.row.algorithm === jws.algorithm && key.row.issuer === issuer && !isKnown
}

/** Reading a key costs more than checking a signature, so what was read is kept while its text stays the same. */
function publicOpener() {
  const opened = new Map<SigningKeyRow['id'], { text: string; keys: PublicKey[] }>()
  return (row: SigningKeyRow, now: Instant): Pick<PublicSigner, 'publicKeys' | 'mapping'> => {
    const algorithm = row.algorithm as PublicAlgorithm
    const kind = row.kind as PublicSigner['kind']
    const text = kind === 'jwks' ? (row.published_keys ?? '') : row.material
    const known = opened.get(row.id)
    const keys = known?.text === text ? known.keys : kind === 'jwks' ? (readJwks(text, algorithm) ?? []) : [readPublicKey(text, algorithm)]
    opened.set(row.id, { text, keys })
    return { publicKeys: isTooOld(row, now) ? [] : keys, mapping: readMapping(kind, row.claim_mapping) }
  }
}
