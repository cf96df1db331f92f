import type { ErrorCode } from '#errors'

export interface TokenRule {
  rule: string
  /** The rule, as a sentence that is true of a good token. */
  says: string
  /** What `verifyUserJwt` throws where it is broken. */
  codes: readonly ErrorCode[]
}

/** The rules of a user JWT in the order in which they are checked. The check is `verifyUserJwt` itself; a test holds the order to it. */
export const TOKEN_RULES = [
  { rule: 'size', says: 'It is not larger than the door takes.', codes: ['user_jwt_too_large'] },
  { rule: 'form', says: 'It is three base64url segments, the first a JSON object.', codes: ['user_jwt_malformed'] },
  { rule: 'algorithm', says: 'Its alg is one that this workspace’s keys sign with.', codes: ['user_jwt_algorithm_not_allowed'] },
  { rule: 'header', says: 'Its header asks for nothing else: no crit, no b64, typ JWT or none.', codes: ['user_jwt_malformed'] },
  {
    rule: 'signature',
    says: 'A key of this workspace made the signature.',
    codes: ['user_jwt_signature_invalid', 'user_jwt_jwks_unreachable'],
  },
  { rule: 'key_live', says: 'That key is not retired.', codes: ['user_jwt_key_retired'] },
  { rule: 'platform', says: 'That key is meant for this platform.', codes: ['user_jwt_key_not_for_platform'] },
  { rule: 'payload', says: 'Its payload is one JSON object in UTF-8.', codes: ['user_jwt_malformed'] },
  { rule: 'times', says: 'exp, nbf and iat, where present, are numbers of Unix seconds.', codes: ['user_jwt_times_invalid'] },
  { rule: 'exp_present', says: 'It has an exp where this door or workspace needs one.', codes: ['user_jwt_exp_missing'] },
  { rule: 'not_expired', says: 'It has not expired, 60 seconds of leeway included.', codes: ['user_jwt_expired'] },
  { rule: 'lifetime', says: 'It lives no longer than this door allows.', codes: ['user_jwt_lifetime_too_long'] },
  { rule: 'begun', says: 'nbf and iat are not in the future.', codes: ['user_jwt_not_yet_valid'] },
  {
    rule: 'age',
    says: 'Where a door goes by age: it has iat and jti, and is fresh.',
    codes: ['user_jwt_iat_missing', 'user_jwt_jti_missing', 'user_jwt_too_old'],
  },
  { rule: 'issuer', says: 'Where a public key signed it, its iss is that key’s issuer.', codes: ['user_jwt_issuer_mismatch'] },
  {
    rule: 'audience',
    says: 'Its aud, where present, is this workspace; where a public key signed it, that key’s audience.',
    codes: ['user_jwt_audience_mismatch', 'user_jwt_only_for_cookie', 'user_jwt_not_for_cookie'],
  },
  {
    rule: 'user_id',
    says: 'It names one user: user_id is text of at most 255 characters, or a whole number up to 2^53−1.',
    codes: ['user_jwt_user_id_missing', 'user_jwt_user_id_invalid'],
  },
  { rule: 'claims', says: 'Every other claim has a form that can be stored.', codes: ['user_jwt_claims_invalid'] },
  { rule: 'unused', says: 'It has not been used up at a door whose tokens work once.', codes: ['user_jwt_already_used'] },
  { rule: 'person', says: 'The person may sign in.', codes: ['contact_blocked'] },
] as const satisfies readonly TokenRule[]

export type TokenRuleName = (typeof TOKEN_RULES)[number]['rule']
