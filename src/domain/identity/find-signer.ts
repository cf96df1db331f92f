import type { Instant } from '#db/columns.ts'
import type { ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Keyring, SigningKey } from './keyring.ts'
import { hasSignature } from './public-keys.ts'
import { hasMac, type Jws } from './verify-jws.ts'

interface Signed {
  jws: Jws
  /** What the payload says, unproved: it may tell which of several keys to try first, and nothing else. */
  said: ReadonlyMap<string, unknown> | undefined
  now: Instant
}

/** The key of this workspace that made the signature, retired ones too; or why there is none. */
export async function findSigner(keyring: Keyring, workspace: Workspace, signed: Signed): Promise<SigningKey | ErrorCode> {
  const { jws, said, now } = signed
  const known = signerAmong(await keyring.keysOf(workspace, now), signed)
  if (known) return known
  const issuer = said?.get('iss')
  const keys = await keyring.lookAgain(workspace, { jws, issuer }, now)
  return signerAmong(keys, signed) ?? reasonOf(keys, { jws, issuer })
}

function signerAmong(keys: readonly SigningKey[], { jws, said }: Signed): SigningKey | undefined {
  const fitting = keys.filter(({ row }) => row.algorithm === jws.algorithm)
  const live = fitting.filter(({ row }) => row.retired_at === null)
  // `kid` may select one of the workspace's live keys; otherwise each is tried.
  const named = live.find(({ row }) => row.kid === jws.kid)
  if (named) return isSignedBy(jws, named) ? named : undefined
  const each = [...live, ...fitting.filter(({ row }) => row.retired_at !== null)]
  // One provider may stand here several times, for several audiences.
  const meant = jws.algorithm === 'HS256' ? [] : each.filter(({ row }) => row.issuer === said?.get('iss') && isFor(said, row.audience))
  return [...meant, ...each].find((key) => isSignedBy(jws, key))
}

/** RFC 7519 §4.1.3: one audience, or a list of them. */
export function isFor(said: ReadonlyMap<string, unknown> | undefined, audience: string | null): boolean {
  return [said?.get('aud')].flat().includes(audience)
}

/** The key decides its algorithm: a secret checks MACs only, a public key signatures of its one algorithm only. */
function isSignedBy(jws: Jws, key: SigningKey): boolean {
  if (key.kind === 'secret') return hasMac(jws, key.bytes)
  const named = key.kind === 'jwks' && jws.kid !== undefined ? key.publicKeys.filter(({ kid }) => kid === jws.kid) : key.publicKeys
  return named.some((one) => hasSignature(jws, one))
}

function reasonOf(keys: readonly SigningKey[], { jws, issuer }: { jws: Jws; issuer: unknown }): ErrorCode {
  const fitting = keys.filter(({ row }) => row.algorithm === jws.algorithm)
  if (fitting.length === 0 && jws.algorithm !== 'HS256') return 'user_jwt_algorithm_not_allowed'
  const isUnread = fitting.some(({ row }) => row.retired_at === null && row.issuer === issuer && row.fetch_fault !== null)
  return isUnread ? 'user_jwt_jwks_unreachable' : 'user_jwt_signature_invalid'
}
