import { randomBytes } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import type { SigningKeysTable } from '#db/login-tables.ts'
import type { Flag, Instant, Platform, SessionId, SigningKeyId } from '#db/columns.ts'
import { Failure } from '#errors'
import { newSecret } from '#platform/ids/ids.ts'
import { lockToEnd } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import { isOwnMachine } from '#platform/http-client/own-machine.ts'
import { lockedSessions } from '#domain/sessions/lock-sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { ClaimMapping } from './claim-mapping.ts'
import { fetchJwks, presentJwks } from './jwks.ts'
import { presentJwk, readPublicKey, type PublicAlgorithm } from './public-keys.ts'

export type SigningKeyRow = Selectable<SigningKeysTable>

/** What every key has. */
export interface NewKey {
  name: string
  platforms?: Platform[]
  now: Instant
}

/** What a public key has besides: whose tokens it checks, for whom they are meant, and what their claims are called. */
export interface NewPublicKey extends NewKey {
  algorithm: PublicAlgorithm
  issuer: string
  audience: string
  claims?: Record<string, string>
}

/** Made by us from 256 random bits (RFC 7518 §3.2); `secret` is shown once and kept only encrypted. */
export async function createSecret(
  db: Db,
  encryption: Encryption,
  workspace: Workspace,
  key: NewKey,
): Promise<{ row: SigningKeyRow; secret: string }> {
  const columns = columnsOf(workspace, key)
  const secret = newSecret()
  const material = encryption.seal(secret, sealContext(workspace, columns.kid))
  return { row: await insertKey(db, { ...columns, material }), secret }
}

/** Keeps the public part of a pasted PEM or JWK. Throws `signing_key_private` where a private key was pasted, `signing_key_unusable`, `parameter_invalid`. */
export async function addPublicKey(
  db: Db,
  workspace: Workspace,
  { text, ...key }: NewPublicKey & { text: string },
): Promise<SigningKeyRow> {
  const columns = { ...columnsOf(workspace, key), ...publicColumnsOf(key) }
  const material = JSON.stringify(presentJwk(readPublicKey(text, key.algorithm)))
  return insertKey(db, { ...columns, kind: 'public_key', material })
}

/** What stands at the address of a JWKS, read before anything is kept. */
export interface ReadJwks {
  material: string
  published_keys: string
}

/** Reads a JWKS at an https address (http only on this machine). Throws `jwks_unreadable` with the fault. */
export async function readNewJwks(
  httpClient: HttpClient,
  { url, algorithm }: { url: string; algorithm: PublicAlgorithm },
): Promise<ReadJwks> {
  const material = readJwksUrl(url)
  const answer = await fetchJwks(httpClient, material, algorithm)
  if (!answer.ok) throw new Failure('jwks_unreadable', { detail: `No keys could be read at ${material}: ${answer.fault}` })
  return { material, published_keys: presentJwks(answer.keys) }
}

/** Keeps an address where an issuer publishes its keys. Throws `jwks_asserts_user_id_already` if another such key may say user_ids. */
export async function keepJwks(
  db: Db,
  workspace: Workspace,
  { jwks, assertsUserId, ...key }: NewPublicKey & { jwks: ReadJwks; assertsUserId: boolean },
): Promise<SigningKeyRow> {
  const columns = { ...columnsOf(workspace, key), ...publicColumnsOf(key), asserts_user_id: assertsUserId ? 1 : 0 } as const
  return insertKey(db, { ...columns, ...jwks, kind: 'jwks', fetched_at: key.now })
}

/** Keeps it once it could be read. */
export async function addJwks(
  db: Db,
  httpClient: HttpClient,
  workspace: Workspace,
  key: NewPublicKey & { url: string; assertsUserId: boolean },
): Promise<SigningKeyRow> {
  publicColumnsOf(key)
  return keepJwks(db, workspace, { ...key, jwks: await readNewJwks(httpClient, key) })
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
    await lockToEnd(db, workspace.id)
    const row = await db
      .updateTable('signing_keys')
      .set({ retired_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('kid', '=', kid)
      .where('retired_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new Failure('not_found', { detail: `There is no live key ${kid}.` })
    if (!endSessions) return []
    const ended = await db
      .deleteFrom('sessions')
      .where('workspace_id', '=', workspace.id)
      .where('id', 'in', lockedSessionsOfKey(db, workspace, row.id))
      .returning('id')
      .execute()
    return ended.map((session) => session.id)
  })
}

function lockedSessionsOfKey(db: Db, workspace: Workspace, key: SigningKeyId) {
  const signedIn = db
    .selectFrom('sessions as signed_in')
    .select('signed_in.id')
    .where('signed_in.workspace_id', '=', workspace.id)
    .where('signed_in.signing_key_id', '=', key)
  return lockedSessions(
    db,
    workspace,
    (row) => row('signing_key_id', '=', key),
    (row) => row('parent_session_id', 'in', signedIn),
  )
}

export function openSecret(encryption: Encryption, workspace: Workspace, row: SigningKeyRow): string {
  if (row.kind !== 'secret') throw new Error(`The key ${row.kid} is no secret.`)
  return encryption.open(row.material, sealContext(workspace, row.kid))
}

function columnsOf(workspace: Workspace, { name, platforms = ['web', 'ios', 'android'], now }: NewKey) {
  if (platforms.length === 0) throw new Failure('parameter_invalid', { field: 'platforms', detail: 'A key needs at least one platform.' })
  const has = (platform: Platform): Flag => (platforms.includes(platform) ? 1 : 0)
  return {
    workspace_id: workspace.id,
    kid: `mk_${randomBytes(6).toString('hex')}`,
    name,
    ...{ web: has('web'), ios: has('ios'), android: has('android') },
    ...{ created_at: now, last_used_at: null, retired_at: null },
  } as const
}

function publicColumnsOf({ algorithm, issuer, audience, claims = {} }: NewPublicKey) {
  for (const [field, value] of Object.entries({ issuer, audience })) {
    if (value.trim() === '') throw new Failure('parameter_invalid', { field, detail: `A public key needs an ${field}.` })
  }
  // Whose identities our own mail proves (`identities.ts`) no key may say.
  if (/^mailto:/i.test(issuer)) throw new Failure('parameter_invalid', { field: 'issuer', detail: 'An issuer is an address of the web.' })
  const mapping = ClaimMapping.safeParse(claims)
  if (!mapping.success) {
    const [issue] = mapping.error.issues
    throw new Failure('parameter_invalid', { field: 'claims', detail: `${issue?.path.join('.') || 'The mapping'} ${issue?.message}.` })
  }
  return { algorithm, issuer, audience, claim_mapping: JSON.stringify(mapping.data) }
}

/** The one unique index that can be in the way is the one on what may say user_ids. */
async function insertKey(db: Db, key: Insertable<SigningKeysTable>): Promise<SigningKeyRow> {
  const row = await db
    .insertInto('signing_keys')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Failure('jwks_asserts_user_id_already')
  return row
}

function readJwksUrl(text: string): string {
  const url = URL.parse(text.trim())
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOwnMachine(url.hostname))))
    throw new Failure('parameter_invalid', { field: 'url', detail: `${text} is not an https address.` })
  return url.href
}

function sealContext(workspace: Workspace, kid: string): string {
  return `${workspace.app_id}/${kid}`
}
