import { createHmac, randomUUID } from 'node:crypto'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { createLoginLink } from '#domain/identity/login-links.ts'
import { secretsAmong, type Keyring, type SecretKey, type SigningKey } from '#domain/identity/keyring.ts'
import type { Db } from '#platform/database/database.ts'
import { audited, type Actor } from './audited.ts'

const LIFETIME_SECONDS = 300

export interface TestUser {
  user_id: string
  email?: string | undefined
  name?: string | undefined
  /** One of the workspace's live secrets; else the newest. */
  kid?: string | undefined
}

/** A user JWT as the company's own backend would sign it, good for five minutes at every door. It is written down who made it, for whom. */
export async function mintTestToken(
  db: Db,
  keyring: Keyring,
  actor: Actor,
  { user, now }: { user: TestUser; now: Instant },
): Promise<{ token: string; expires_at: Instant; kid: string }> {
  const { user_id, email, name } = user
  const key = pickSecret(await keyring.keysOf(actor.workspace, now), user.kid)
  const seconds = Math.floor(now / 1000)
  const claims = { user_id, email, name, iat: seconds, exp: seconds + LIFETIME_SECONDS, jti: randomUUID() }
  const input = [{ alg: 'HS256', typ: 'JWT', kid: key.row.kid }, claims].map(encode).join('.')
  const token = `${input}.${createHmac('sha256', key.bytes).update(input).digest('base64url')}`
  const result = { token, expires_at: claims.exp * 1000, kid: key.row.kid }
  const deed = { action: 'user_jwt.minted', subject: user_id, detail: `with ${key.row.kid}` } as const
  return audited(db, actor, async () => ({ result, deed }), now)
}

/** An address that signs a browser in as a user who is known, once. It is written down who made it, for whom. */
export async function openAsUser(
  db: Db,
  actor: Actor,
  { user_id, return_to }: { user_id: string; return_to?: string | undefined },
  now: Instant,
): Promise<{ url: string; expires_at: Instant }> {
  const deed = { action: 'login_link.made', subject: user_id, detail: 'to open the support host as this user' } as const
  return audited(db, actor, async (db) => ({ result: await createLoginLink(db, actor.workspace, { user_id, return_to }, now), deed }), now)
}

function pickSecret(keys: readonly SigningKey[], kid: string | undefined): SecretKey {
  const live = secretsAmong(keys).filter(({ row }) => row.retired_at === null && row.web === 1)
  const key = kid === undefined ? live.at(-1) : live.find(({ row }) => row.kid === kid)
  if (!key)
    throw new Failure('parameter_invalid', { field: 'kid', detail: 'There is no such live messenger secret for the web. Add one first.' })
  return key
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
