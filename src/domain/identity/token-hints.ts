import { createHmac } from 'node:crypto'
import type { Instant } from '#db/schema.ts'
import type { ErrorCode } from '#errors'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { readClaims } from './claims.ts'
import type { SecretKey } from './keyring.ts'
import type { TokenPeek } from './token-peek.ts'

export interface HintContext {
  token: string
  peek: TokenPeek
  keys: SecretKey[]
  workspace: Workspace
  elsewhere: { workspace: Workspace; keys: SecretKey[] }[]
  now: Instant
}

type Hint = (context: HintContext) => string | false | undefined

const LATER_THAN_SECONDS = 1e11
const SHOWN = 60
const TWO_HOURS = 7200
/** Names under which other systems say who the user is. */
const OTHER_NAMES = ['sub', 'userId', 'user', 'uid', 'id', 'external_id', 'external_user_id', 'email']

/** What most likely went wrong, in words; nothing where the code says it all. */
export function hintsFor(code: ErrorCode, context: HintContext): string[] {
  const alg = context.peek.header?.get('alg')
  if (code === 'user_jwt_signature_invalid' && alg !== 'HS256') return [ofAnotherKeyPair(alg, context)]
  return say(HINTS[code] ?? [], context)
}

/** What an accepted token should do better. */
export function adviceFor(context: HintContext): string[] {
  return say(ADVICE, context)
}

function say(hints: readonly Hint[], context: HintContext): string[] {
  return hints.flatMap((hint) => hint(context) || [])
}

const isApiToken: Hint = ({ token }) =>
  /^lk_[\w-]{20,}$/.test(token) && 'This is an API token of a teammate, not a user JWT. It belongs in no page: retire it if it was in one.'

const isSecret: Hint = ({ token, keys }) => {
  const key = keys.find(({ bytes }) => Buffer.from(bytes).toString() === token)
  if (key) return `This is the messenger secret “${key.row.name}” itself, not a token made with it. If it was ever in a page, retire it.`
  return /^[\w+/-]{32,64}=?=?$/.test(token) && 'This has no dots: it looks like a secret, not like a token that was signed with one.'
}

const isNoText: Hint = ({ token }) => {
  const kind = /^\[object (\w+)\]$/.exec(token)?.[1]
  if (kind === 'Promise') return 'A promise was passed: await the request for the token first.'
  if (kind !== undefined) return 'An object was passed: pass the token alone, the text with the two dots.'
  return /^(?:undefined|null|NaN|true|false)$/.test(token) && `The text “${token}” was passed: the token had not arrived yet.`
}

const isWrapped: Hint = ({ token }) => {
  if (/^bearer\s/i.test(token)) return 'Leave out “Bearer ”: the token alone is the value.'
  if (/^["'`].*["'`]$/s.test(token)) return 'There are quotes around the token: send it without them.'
  if (/^[[{](?!object )/.test(token)) return 'This is JSON with the token inside: send only the token, as in JSON.parse(text).intercomJwt.'
  if (/^[\w-]+=ey/.test(token)) return 'There is a name and “=” before the token: send only what is behind it.'
  return /\s/.test(token) && 'There is white space or a line break inside the token: something wrapped it on the way.'
}

const isCut: Hint = ({ peek: { segments } }) => {
  if (segments.length === 2) return 'The third segment, the signature, is missing: was the token cut, or never signed?'
  if (segments.length === 5) return 'Five segments are an encrypted token (JWE). Sign it instead: a JWS has three.'
  return segments.length === 3 && segments[2] === '' && 'The signature is empty: the token was never signed.'
}

const isOtherBase64: Hint = ({ token }) =>
  /^[\w+/=-]+\.[\w+/=-]+\.[\w+/=-]*$/.test(token) &&
  /[+/=]/.test(token) &&
  'It is written in base64, not in base64url: replace + by - and / by _, and leave out the = at the end of each segment.'

const isBroken: Hint = ({ peek: { segments, payload }, token }) =>
  segments.length === 3 &&
  /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) &&
  payload === undefined &&
  'The second segment is no JSON object: the token was cut, changed or encoded twice on the way.'

const extraHeader: Hint = ({ peek: { header } }) => {
  const extra = ['crit', 'b64'].filter((name) => header?.has(name))
  if (extra.length > 0) return `The header has ${extra.join(' and ')}: leave it out.`
  const typ = header?.get('typ')
  const isJwt = typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')
  return !isJwt && `Its typ is ${shown(typ)}: this is another kind of token.`
}

const namesAlgorithm: Hint = ({ peek: { header, payload } }) => {
  const alg = header?.get('alg')
  if (typeof alg === 'string' && /^none$/i.test(alg)) return 'Its alg is “none”: nobody signed it.'
  if (typeof alg === 'string' && /^(?:RS|PS|ES|EdDSA)/.test(alg)) {
    const issuer = payload?.get('iss')
    const from = typeof issuer === 'string' ? ` of ${shown(issuer)}` : ''
    return `It was signed with ${shown(alg)}, a private key: an identity provider’s token${from}? Add the provider’s public key here, or sign a token of your own with a messenger secret.`
  }
  if (typeof alg === 'string' && /^HS(?:384|512)$/.test(alg)) return `It was signed with ${alg}: tell your library HS256.`
  return `Its alg is ${shown(alg)}: write exactly "HS256".`
}

/** A secret that was not used as it was shown. */
const MISTAKES: readonly [what: string, of: (secret: string) => string | Buffer][] = [
  ['base64-decoded before signing; use its characters as they are', (secret) => Buffer.from(secret, 'base64')],
  ['used with a line break behind it; trim what you read from a file or environment', (secret) => `${secret}\n`],
  ['used with white space behind it; trim what you read', (secret) => `${secret} `],
  ['used with quotes around it; your .env file keeps them', (secret) => `"${secret}"`],
  ['used with quotes around it; your .env file keeps them', (secret) => `'${secret}'`],
  ['base64-encoded before signing; use its characters as they are', (secret) => Buffer.from(secret).toString('base64')],
  ['hex-encoded before signing; use its characters as they are', (secret) => Buffer.from(secret).toString('hex')],
  ['lower-cased before signing', (secret) => secret.toLowerCase()],
]

const secretMisused: Hint = (context) => {
  for (const { row, bytes } of context.keys) {
    const secret = Buffer.from(bytes).toString()
    const mistake = MISTAKES.find(([, of]) => isSignedBy(context, of(secret)))
    if (mistake) return `The secret “${row.name}” (${row.kid}) was ${mistake[0]}.`
  }
  return undefined
}

const signatureAsHex: Hint = (context) => {
  const [head, body, tail = ''] = context.peek.segments
  const isHex = (bytes: Uint8Array) => {
    const hex = createHmac('sha256', bytes).update(`${head}.${body}`).digest('hex')
    return tail === hex || tail === Buffer.from(hex).toString('base64url')
  }
  return context.keys.some(({ bytes }) => isHex(bytes)) && 'The signature is written in hex: base64url-encode its 32 bytes.'
}

const kidOfAnother: Hint = (context) => {
  const kid = context.peek.header?.get('kid')
  const named = context.keys.find(({ row }) => row.kid === kid)
  const signer = context.keys.find(({ bytes }) => isSignedBy(context, bytes))
  return (
    named &&
    signer &&
    `Its kid names “${named.row.name}”, but “${signer.row.name}” (${signer.row.kid}) signed it. Change kid and secret together.`
  )
}

const ofAnotherWorkspace: Hint = (context) => {
  const owner = context.elsewhere.find(({ keys }) => keys.some(({ bytes }) => isSignedBy(context, bytes)))
  if (owner)
    return `It was signed with a secret of your workspace ${owner.workspace.name} (${owner.workspace.app_id}); this is ${context.workspace.name} (${context.workspace.app_id}).`
  const kid = context.peek.header?.get('kid')
  const isOurForm = typeof kid === 'string' && /^mk_[\da-f]{12}$/.test(kid)
  return (
    isOurForm &&
    !context.keys.some(({ row }) => row.kid === kid) &&
    `Its kid ${kid} is no key of this workspace: it was signed for another one.`
  )
}

const ofAnotherProduct: Hint = (context) => {
  if (secretMisused(context) || signatureAsHex(context) || kidOfAnother(context) || ofAnotherWorkspace(context)) return undefined
  const { payload } = context.peek
  const issuer = payload?.get('iss')
  if (typeof issuer === 'string')
    return `Its iss is ${shown(issuer)}: this is a token of that issuer, signed with a secret that is not of this workspace.`
  return 'The secret is none of this workspace. Typical: the secret of the service you used before (Latchkey has its own), of another environment, or one that was replaced.'
}

function ofAnotherKeyPair(alg: unknown, { peek: { header, payload } }: HintContext): string {
  const said = ['iss', 'kid'].map((name) => `${name} ${shown((name === 'iss' ? payload : header)?.get(name))}`).join(', ')
  return `It was signed with ${shown(alg)} (${said}), but with the private half of no ${shown(alg)} key that was added here. Compare the iss and the kid with latchkey key list.`
}

const wrongIssuer: Hint = ({ peek: { payload } }) =>
  `Its iss is ${shown(payload?.get('iss'))}. The key that signed it was added for another issuer; a slash at the end counts.`

const expiredAgo: Hint = ({ peek: { payload }, now }) => {
  const exp = Number(payload?.get('exp'))
  const iat = payload?.get('iat')
  const life = typeof iat === 'number' ? exp - iat : undefined
  if (life !== undefined && life <= 0) return 'Its exp is not after its iat: it was expired when it was signed.'
  return `It expired ${duration(now / 1000 - exp)} ago. Sign it for the request that shows the page; do not cache it, and check the signing server’s clock.`
}

const inMilliseconds: Hint = ({ peek: { payload } }) => {
  const names = ['exp', 'nbf', 'iat'].filter((name) => Number(payload?.get(name)) > LATER_THAN_SECONDS)
  return names.length > 0 && `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} in milliseconds: divide by 1000 and round down.`
}

const clockAhead: Hint = ({ peek: { payload }, now }) => {
  const ahead = Math.max(...['iat', 'nbf'].map((name) => Number(payload?.get(name) ?? Number.NaN)).filter(Number.isFinite)) - now / 1000
  return ahead < 86_400 && `The signing server’s clock is ${duration(ahead)} ahead of ours.`
}

const textTimes: Hint = ({ peek: { payload } }) => {
  const names = ['exp', 'nbf', 'iat'].filter((name) => payload?.has(name) && typeof payload.get(name) !== 'number')
  return names.length > 0 && `${names.join(' and ')} must be a JSON number; here it is ${shown(payload?.get(names[0] ?? ''))}.`
}

const livesFor: Hint = ({ peek: { payload }, now }) => {
  const exp = Number(payload?.get('exp'))
  return (
    exp < LATER_THAN_SECONDS &&
    `It lives ${duration(exp - now / 1000)} from now; this door takes at most 5 minutes. Sign a token of its own for it.`
  )
}

const wrongAudience: Hint = ({ peek: { header, payload }, workspace }) =>
  header?.get('alg') !== 'HS256'
    ? `Its aud is ${shown(payload?.get('aud'))}, which is not the audience that its public key was added with.`
    : `Its aud is ${shown(payload?.get('aud'))}; this workspace is "${workspace.app_id}". Set aud to that, or leave it out.`

const otherName: Hint = ({ peek: { payload } }) => {
  const named = OTHER_NAMES.filter((name) => payload?.has(name))
  if (named.length === 0) return undefined
  if (named.length === 1 && named[0] === 'email')
    return 'It has only an email. Addresses change hands: add user_id, your own stable id of the user.'
  return `It has ${named.join(', ')}, but no user_id: write your own stable id of the user as user_id.`
}

const numberTooBig: Hint = ({ peek: { payload, payloadText } }) => {
  const value = payload?.get('user_id')
  if (typeof value !== 'number') return undefined
  const written = /"user_id"\s*:\s*(-?[\d.eE+-]+)/.exec(payloadText)?.[1] ?? String(value)
  if (Number.isSafeInteger(value) || !Number.isInteger(value))
    return `user_id is the number ${written}: write it as text, "user_id": "${written}".`
  return `user_id ${written} is a number above 2^53−1, where two users can become one: sign it as text, "user_id": "${written}".`
}

const oddUserId: Hint = ({ peek: { payload } }) => {
  const value = payload?.get('user_id')
  if (typeof value === 'number') return undefined
  if (typeof value !== 'string') return `user_id is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}: write it as text.`
  return value.trim() === '' ? 'user_id is blank.' : `user_id has ${[...value].length} characters, or control characters among them.`
}

const oddClaims: Hint = ({ peek: { payload } }) => {
  const odd = [...(payload ?? [])].filter(([name, value]) => readClaims(new Map([[name, value]])) === undefined).map(([name]) => name)
  if (odd.length > 0) return `Cannot be stored: ${odd.slice(0, 5).map(shown).join(', ')}.`
  return payload && payload.size > 200 ? `It has ${payload.size} claims; 200 are the most.` : undefined
}

const usedUp: Hint = () => 'It was used at a door whose tokens work once, and is used up at every door. Sign a new one for each login.'

const HINTS: Partial<Record<ErrorCode, readonly Hint[]>> = {
  user_jwt_malformed: [isNoText, isApiToken, isSecret, isWrapped, isCut, isOtherBase64, isBroken, extraHeader],
  user_jwt_algorithm_not_allowed: [namesAlgorithm],
  user_jwt_signature_invalid: [secretMisused, signatureAsHex, kidOfAnother, ofAnotherWorkspace, ofAnotherProduct],
  user_jwt_expired: [expiredAgo],
  user_jwt_times_invalid: [textTimes],
  user_jwt_lifetime_too_long: [inMilliseconds, livesFor],
  user_jwt_not_yet_valid: [inMilliseconds, clockAhead],
  user_jwt_audience_mismatch: [wrongAudience],
  user_jwt_issuer_mismatch: [wrongIssuer],
  user_jwt_user_id_missing: [otherName],
  user_jwt_user_id_invalid: [numberTooBig, oddUserId],
  user_jwt_claims_invalid: [oddClaims],
  user_jwt_already_used: [usedUp],
}

const ADVICE: readonly Hint[] = [
  inMilliseconds,
  ({ peek: { payload } }) =>
    payload?.has('exp') !== true && 'It has no exp, so whoever finds it can use it for ever. Add one, an hour ahead.',
  ({ peek: { payload }, now }) => {
    const left = Number(payload?.get('exp')) - now / 1000
    return (
      left > TWO_HOURS && left < LATER_THAN_SECONDS && `It lives ${duration(left)}. Two hours are enough: the session lives on by itself.`
    )
  },
  ({ peek: { header } }) =>
    header?.has('kid') !== true && 'It has no kid. With one in the header, a mixed-up secret is named in the login log.',
  ({ peek: { payload } }) =>
    typeof payload?.get('user_id') === 'number' && 'user_id is a number. Sign it as text, before it grows past 2^53−1.',
]

function isSignedBy({ peek: { segments } }: HintContext, key: string | Uint8Array): boolean {
  const [head = '', body = '', tail = ''] = segments
  return createHmac('sha256', key).update(`${head}.${body}`).digest('base64url') === tail
}

/** A value out of the token, short and on one line. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing')
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, SHOWN)
}

function duration(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    const count = Math.floor(seconds / size)
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return `${Math.max(0, Math.round(seconds))} seconds`
}
