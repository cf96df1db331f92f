import { hash } from 'node:crypto'
import type { Instant } from '#db/columns.ts'
import type { ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { mapClaims } from './claim-mapping.ts'
import { readClaims, readUserId, type Claims } from './claims.ts'
import { translate, userIdName, type Dialect } from './dialects.ts'
import { findSigner } from './find-signer.ts'
import type { Who } from './identify-contact.ts'
import type { Keyring, PublicSigner, SigningKey } from './keyring.ts'
import { peekUserId } from './token-peek.ts'
import { parseObject, readJws, type Jws } from './verify-jws.ts'

/** What a token says and who signed it: true as long as the keys are the same, whatever the clock says and whichever door asks. */
export interface Proof {
  key: SigningKey
  said: Map<string, unknown> | undefined
  /** Absent where the payload is no JSON object. */
  meaning: Meaning | undefined
  /** The user_id as it was claimed, for what is refused later. */
  claimed: string | undefined
}

interface Meaning {
  who: Exclude<Who, { contact_id: unknown }> | ErrorCode
  claims: Claims | undefined
  payload: Map<string, unknown>
  replay_key: string
}

/** Why there is no proof. */
export interface Unproved {
  code: ErrorCode
  claimed: string | undefined
}

/** Looks at form, signature and words of a token. */
export async function proveJwt(
  keyring: Keyring,
  workspace: Workspace,
  token: string,
  { dialect, now }: { dialect?: Dialect | undefined; now: Instant },
): Promise<Proof | Unproved> {
  let claimed = peekUserId(token, dialect)
  const jws = readJws(token)
  if (typeof jws === 'string') return { code: jws, claimed }
  const said = parseObject(jws.payload)
  if (jws.algorithm !== 'HS256' && said) claimed = peekMapped(said, await keyring.keysOf(workspace, now)) ?? claimed
  const key = await findSigner(keyring, workspace, { jws, said, now })
  if (typeof key === 'string') return { code: key, claimed }
  return { key, said, claimed, meaning: said && meaningOf(said, { key, jws, dialect }) }
}

function meaningOf(
  said: Map<string, unknown>,
  { key, jws, dialect }: { key: SigningKey; jws: Jws; dialect: Dialect | undefined },
): Meaning {
  const payload = inOurWords(said, key, dialect)
  return {
    who: whoOf(payload, { key, jws, name: userIdName(said, dialect) }),
    claims: readClaims(payload),
    payload,
    replay_key: replayKey(jws, key, said),
  }
}

function inOurWords(said: Map<string, unknown>, key: SigningKey, dialect: Dialect | undefined): Map<string, unknown> {
  const base = dialect ? translate(said, dialect) : said
  return key.kind === 'secret' ? base : mapClaims(said, { base, kind: key.kind, mapping: key.mapping })
}

/** A key that may not say user_ids vouches for what its issuer calls the person (OpenID Connect Core §2: `iss` and `sub`). */
function whoOf(payload: Map<string, unknown>, { key, jws, name }: { key: SigningKey; jws: Jws; name: string }): Meaning['who'] {
  const { issuer, asserts_user_id } = key.row
  if (issuer !== null && asserts_user_id === 0) {
    const subject = readUserId(new Map([['user_id', parseObject(jws.payload)?.get('sub')]]))
    return typeof subject === 'string' ? { issuer, subject } : 'user_jwt_user_id_missing'
  }
  const mapped = key.kind === 'secret' ? undefined : key.mapping['user_id']
  const user_id = readUserId(payload, { bytes: jws.payload, name: mapped ?? name })
  if (user_id === undefined) return 'user_jwt_user_id_missing'
  return user_id === null ? 'user_jwt_user_id_invalid' : { user_id }
}

/** The user_id that a token claims in the words of its issuer's key, unproved. */
function peekMapped(said: Map<string, unknown>, keys: readonly SigningKey[]): string | undefined {
  const isMeant = (key: SigningKey): key is PublicSigner => key.kind !== 'secret' && key.row.issuer === said.get('iss')
  const key = keys.filter(isMeant).find(({ row }) => row.asserts_user_id === 1)
  return key && (readUserId(mapClaims(said, { kind: key.kind, mapping: key.mapping })) ?? undefined)
}

function replayKey(jws: Jws, key: SigningKey, payload: Map<string, unknown>): string {
  const jti = readJti(payload)
  const seed = jti !== undefined ? `jti/${key.row.kid}/${jti}` : `input/${jws.signingInput}`
  return hash('sha256', seed, 'base64url')
}

/** Some sign a number; one text for it, so that a token is the same at every door. */
export function readJti(payload: Map<string, unknown>): string | undefined {
  const jti = payload.get('jti')
  return (typeof jti === 'string' && jti !== '') || typeof jti === 'number' ? String(jti) : undefined
}
