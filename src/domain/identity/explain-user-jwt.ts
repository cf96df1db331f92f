import type { Instant, Platform } from '#db/columns.ts'
import { errors, Failure, type ErrorCode } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { findContactByExternalId } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { DOOR_RULES, type TestedDoor } from './door-rules.ts'
import { secretsAmong, type Keyring, type SigningKey } from './keyring.ts'
import { findIdentity } from './identities.ts'
import { adviceFor, hintsFor } from './token-hints.ts'
import { peekToken, type TokenPeek } from './token-peek.ts'
import { TOKEN_RULES, type TokenRuleName } from './token-rules.ts'
import { refuseUsedToken } from './used-tokens.ts'
import { verifyUserJwt, type TokenRules, type VerifiedUser } from './user-jwt.ts'
import { readJws } from './verify-jws.ts'

export interface TokenVerdict {
  accepted: boolean
  user_id: string | null
  /** The key that signed it, where one of this workspace's did. */
  kid: string | null
  key_name: string | null
  code: ErrorCode | null
  sentence: string | null
  cure: string | null
  rules: { rule: TokenRuleName; says: string; state: 'passed' | 'failed' | 'not_reached' }[]
  /** What most likely went wrong, most exact first. */
  hints: string[]
  /** What an accepted token should do better. */
  advice: string[]
}

export interface TokenTest {
  token: string
  door: TestedDoor
  platform: Platform
  /** Other workspaces of the person who asks, whose keys may have signed by mistake. */
  elsewhere: { workspace: Workspace; keys: readonly SigningKey[] }[]
  now: Instant
}

/** Says what a door would say of a token, and why. Signs nobody in, uses nothing up, keeps and logs nothing. */
export async function explainUserJwt(db: Db, keyring: Keyring, workspace: Workspace, asked: TokenTest): Promise<TokenVerdict> {
  const { platform, door, now } = asked
  const token = asked.token.trim()
  const keys = await keyring.keysOf(workspace, now)
  const { user, refusal } = await judge(db, keyring, workspace, { token, now, rules: { ...DOOR_RULES[door], platform } })
  const peek = peekToken(token)
  const kid = user?.key.row.kid ?? refusal?.kid ?? null
  const elsewhere = asked.elsewhere.map(({ workspace, keys }) => ({ workspace, keys: secretsAmong(keys) }))
  const signer = keys.find(({ row }) => row.kid === kid)?.row
  const context = { token, peek, keys: secretsAmong(keys), workspace, elsewhere, now, platform, signer }
  return {
    accepted: user !== undefined,
    user_id: user?.user_id ?? null,
    kid,
    key_name: signer?.name ?? null,
    ...presentRefusal(refusal?.code),
    rules: tickRules(refusal && brokenRule(refusal.code, token)),
    hints: refusal ? hintsFor(refusal.code, context) : [],
    advice: user ? adviceFor(context) : [],
  }
}

function presentRefusal(code: ErrorCode | undefined): Pick<TokenVerdict, 'code' | 'sentence' | 'cure'> {
  if (code === undefined) return { code: null, sentence: null, cure: null }
  const { sentence, cure } = errors[code]
  return { code, sentence, cure }
}

interface Refusal {
  code: ErrorCode
  kid: string | undefined
}

async function judge(
  db: Db,
  keyring: Keyring,
  workspace: Workspace,
  { token, now, rules }: { token: string; now: Instant; rules: TokenRules },
): Promise<{ user?: VerifiedUser; refusal?: Refusal }> {
  let kid: string | undefined
  try {
    const user = await verifyUserJwt(keyring, workspace, token, { ...rules, now })
    kid = user.key.row.kid
    await refuseUsedToken(db, workspace, user)
    const { who } = user
    const contact = 'issuer' in who ? await findIdentity(db, workspace, who) : await findContactByExternalId(db, workspace, who.user_id)
    if (contact && contact.blocked_at !== null) throw new Failure('contact_blocked')
    return { user }
  } catch (refusal) {
    if (!(refusal instanceof Failure)) throw refusal
    return { refusal: { code: refusal.code, kid: 'kid' in refusal && typeof refusal.kid === 'string' ? refusal.kid : kid } }
  }
}

/** One code, several rules: whether form, header or payload is at fault shows in what can still be read. */
function brokenRule(code: ErrorCode, token: string): TokenRuleName {
  if (code === 'user_jwt_malformed') {
    if (typeof readJws(token) !== 'string') return 'payload'
    return isWellFormed(peekToken(token)) ? 'header' : 'form'
  }
  return TOKEN_RULES.find(({ codes }) => (codes as readonly ErrorCode[]).includes(code))?.rule ?? 'claims'
}

function isWellFormed({ segments, header }: TokenPeek): boolean {
  return (
    segments.length === 3 && header !== undefined && segments.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}

function tickRules(broken: TokenRuleName | undefined): TokenVerdict['rules'] {
  const at = broken === undefined ? TOKEN_RULES.length : TOKEN_RULES.findIndex(({ rule }) => rule === broken)
  return TOKEN_RULES.map(({ rule, says }, index) => ({
    rule,
    says,
    state: index < at ? 'passed' : index === at ? 'failed' : 'not_reached',
  }))
}
