import type { ErrorCode } from '#errors'
import { unstorable } from './claims.ts'
import { FORM_HINTS } from './form-hints.ts'
import { shown, type Hint, type HintContext } from './hint.ts'
import { hintOfSignature, ofAnotherKeyPair } from './signature-hints.ts'
import {
  duration,
  EXPIRED_HINTS,
  inMilliseconds,
  LATER_THAN_SECONDS,
  TEXT_TIMES_HINTS,
  TOO_EARLY_HINTS,
  TOO_LONG_HINTS,
  TOO_OLD_HINTS,
} from './time-hints.ts'
import { USED_UP } from './used-tokens.ts'
import { NO_USER_ID_HINTS, ODD_USER_ID_HINTS, USER_ID_ADVICE } from './user-id-hints.ts'

const TWO_HOURS = 7200

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

const wrongAudience: Hint = ({ peek: { header, payload }, workspace }) =>
  header?.get('alg') !== 'HS256'
    ? `Its aud is ${shown(payload?.get('aud'))}, which is not the audience that its public key was added with.`
    : `Its aud is ${shown(payload?.get('aud'))}; this workspace is "${workspace.app_id}". Set aud to that, or leave it out.`

const oddClaims: Hint = ({ peek: { payload } }) => payload && unstorable(payload)

const retiredKey: Hint = ({ signer, keys, now }) => {
  if (!signer || signer.retired_at === null) return undefined
  const [next] = keys.filter(({ row }) => row.retired_at === null).toSorted((a, b) => b.row.created_at - a.row.created_at)
  const instead = next ? ` Sign with “${next.row.name}” (${next.row.kid}).` : ' No key is live: add one.'
  return `“${signer.name}” (${signer.kid}) signed it, which was retired ${duration((now - signer.retired_at) / 1000)} ago.${instead}`
}

const otherPlatform: Hint = ({ signer, platform }) => {
  if (!signer || platform === undefined) return undefined
  const meant = (['web', 'ios', 'android'] as const).filter((one) => signer[one] === 1).join(' and ')
  const isWeb = platform === 'web' ? ' What comes with an Origin, or names no platform, counts as web.' : ''
  return `“${signer.name}” (${signer.kid}) signed it, which is for ${meant || 'no platform'}; this is ${platform}.${isWeb}`
}

const HINTS: Partial<Record<ErrorCode, readonly Hint[]>> = {
  user_jwt_malformed: FORM_HINTS,
  user_jwt_algorithm_not_allowed: [namesAlgorithm],
  user_jwt_signature_invalid: [hintOfSignature],
  user_jwt_key_retired: [retiredKey],
  user_jwt_key_not_for_platform: [otherPlatform],
  user_jwt_expired: EXPIRED_HINTS,
  user_jwt_too_old: TOO_OLD_HINTS,
  user_jwt_times_invalid: TEXT_TIMES_HINTS,
  user_jwt_lifetime_too_long: TOO_LONG_HINTS,
  user_jwt_not_yet_valid: TOO_EARLY_HINTS,
  user_jwt_audience_mismatch: [wrongAudience],
  user_jwt_issuer_mismatch: [wrongIssuer],
  user_jwt_user_id_missing: NO_USER_ID_HINTS,
  user_jwt_user_id_invalid: ODD_USER_ID_HINTS,
  user_jwt_claims_invalid: [oddClaims],
  user_jwt_already_used: [() => USED_UP],
}

const ADVICE: readonly Hint[] = [
  ...USER_ID_ADVICE,
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
]
