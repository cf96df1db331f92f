import type { ErrorCode } from '#errors'
import { readClaims } from './claims.ts'
import { hintOfUserId, shown, type Hint, type HintContext } from './hint.ts'
import { isShort, ofAnotherKeyPair, SIGNATURE_HINTS } from './signature-hints.ts'

const LATER_THAN_SECONDS = 1e11
const TWO_HOURS = 7200
const HALF_AN_HOUR = 1800
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
  if (/^[\w.%-]+$/.test(token) && /%[\da-f]{2}/i.test(token)) return 'It is percent-encoded: encode it once, and decode it as often.'
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
  const offHalfHours = Math.abs(ahead - Math.round(ahead / HALF_AN_HOUR) * HALF_AN_HOUR)
  const isZone = ahead > HALF_AN_HOUR / 2 && offHalfHours < 90
  return (
    ahead < 86_400 &&
    `The signing server’s clock is ${duration(ahead)} ahead of ours.${isZone ? ' Or it counts in a time zone: Unix time is UTC.' : ''}`
  )
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
  user_jwt_malformed: [isNoText, isApiToken, isSecret, isWrapped, isCut, isShort, isOtherBase64, isBroken, extraHeader],
  user_jwt_algorithm_not_allowed: [namesAlgorithm],
  user_jwt_signature_invalid: SIGNATURE_HINTS,
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
  ({ peek: { payload } }) => hintOfUserId(payload?.get('user_id')),
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

function duration(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    const count = Math.floor(seconds / size + 0.05)
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return `${Math.max(0, Math.round(seconds))} seconds`
}
