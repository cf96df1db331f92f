import { teammateErrors } from './errors/teammate-errors.ts'

export interface Expected {
  status: number
  /** One plain sentence for the public. */
  sentence: string
  /** What the developer does about it. */
  cure: string
}

/** Every failure we expect: its HTTP status, what we say, what cures it. docs/login.md has a heading per login code. */
export const errors = {
  user_jwt_missing: {
    status: 401,
    sentence: 'A user JWT is required to sign a user in here.',
    cure: 'Sign a JWT on your server with a messenger secret and pass it as intercom_user_jwt; to chat anonymously send neither user_id nor email.',
  },
  user_jwt_invalid: {
    status: 401,
    sentence: 'The user JWT is not valid.',
    cure: 'The login log (latchkey login-log) names the precise fault: form, algorithm, key or signature.',
  },
  user_jwt_malformed: {
    status: 401,
    sentence: 'The user JWT is not a compact JWS of two JSON objects.',
    cure: 'Send the library’s output as it is: three base64url segments, no quotes, no line breaks, no "Bearer".',
  },
  user_jwt_too_large: {
    status: 401,
    sentence: 'The user JWT is larger than this door takes.',
    cure: 'Keep the token below 16 kB (6 kB in an address); send big attributes through the API.',
  },
  user_jwt_algorithm_not_allowed: {
    status: 401,
    sentence: 'The user JWT is signed with an algorithm that no key of this workspace uses.',
    cure: 'Sign with HS256 and the messenger secret as text, or with the algorithm its public key was added with.',
  },
  user_jwt_signature_invalid: {
    status: 401,
    sentence: 'No live key of this workspace made the signature.',
    cure: 'Use the secret exactly as it was shown (do not base64-decode it) and the one of this workspace.',
  },
  user_jwt_key_retired: {
    status: 401,
    sentence: 'The key that signed the user JWT is retired.',
    cure: 'Roll the newest live key out to every server that signs.',
  },
  user_jwt_jwks_unreachable: {
    status: 401,
    sentence: 'The keys of the user JWT’s issuer could not be read.',
    cure: 'See why with latchkey key list, and make the JWKS address answer; it is asked again after a minute.',
  },
  user_jwt_app_id_mismatch: {
    status: 401,
    sentence: 'The app_id is not the workspace of this host.',
    cure: 'Boot with the app_id of the workspace whose support host serves the script.',
  },
  user_jwt_key_not_for_platform: {
    status: 401,
    sentence: 'The key that signed the user JWT is not meant for this platform.',
    cure: 'Sign with a key whose platforms include the one that boots.',
  },
  user_jwt_expired: {
    status: 401,
    sentence: 'The user JWT has expired.',
    cure: 'Sign a fresh token for each page load; exp is in Unix seconds.',
  },
  user_jwt_exp_missing: { status: 401, sentence: 'The user JWT has no exp and needs one here.', cure: 'Add exp, in Unix seconds.' },
  user_jwt_lifetime_too_long: {
    status: 401,
    sentence: 'The user JWT lives longer than this door allows.',
    cure: 'Sign login tokens with exp at most 5 minutes ahead, in seconds, not milliseconds.',
  },
  user_jwt_not_yet_valid: {
    status: 401,
    sentence: 'The user JWT is not valid yet.',
    cure: 'Set the clock of the signing server (NTP); we allow 60 seconds.',
  },
  user_jwt_times_invalid: {
    status: 401,
    sentence: 'exp, nbf and iat must be finite numbers of Unix seconds.',
    cure: 'Write the times as JSON numbers, not text.',
  },
  user_jwt_already_used: {
    status: 401,
    sentence: 'This sign-in link has been used already.',
    cure: 'Sign a new token (with its own jti) for every login.',
  },
  user_jwt_audience_mismatch: {
    status: 401,
    sentence: 'The aud of the user JWT is not this workspace.',
    cure: 'Leave aud out, or set it to the app_id; with a public key, to the audience the key was added with.',
  },
  user_jwt_issuer_mismatch: {
    status: 401,
    sentence: 'The iss of the user JWT is not the issuer of the key that signed it.',
    cure: 'Add the key with exactly the iss its tokens have; a slash at the end counts.',
  },
  user_jwt_only_for_cookie: {
    status: 401,
    sentence: 'This user JWT is meant for the sign-in cookie alone.',
    cure: 'Sign another token, without the aud of the cookie, for every other door.',
  },
  user_jwt_not_for_cookie: {
    status: 401,
    sentence: 'The user JWT in the sign-in cookie is not meant for a cookie.',
    cure: 'Set aud to the app_id followed by ":cookie".',
  },
  user_jwt_cookie_ended: {
    status: 401,
    sentence: 'The session of this sign-in cookie has ended.',
    cure: 'Set the cookie anew, with a new token, when the person logs in to the app; delete it when they log out.',
  },
  user_jwt_cookie_twice: {
    status: 401,
    sentence: 'The browser sent two sign-in cookies, so none counts.',
    cure: 'Set the cookie on one Domain and one Path only; find the other host that sets it.',
  },
  user_jwt_iat_missing: {
    status: 401,
    sentence: 'The user JWT has no iat and needs one here.',
    cure: 'Add iat: the time of signing, in Unix seconds.',
  },
  user_jwt_jti_missing: {
    status: 401,
    sentence: 'The user JWT has no jti and needs one here.',
    cure: 'Add jti: a random text, new for every token.',
  },
  user_jwt_too_old: {
    status: 401,
    sentence: 'The user JWT was signed more than 3 minutes ago.',
    cure: 'Sign it at the moment of the redirect, and set the clock of the signing server (NTP).',
  },
  user_jwt_user_id_missing: {
    status: 401,
    sentence: 'The user JWT has no user_id.',
    cure: 'Add the claim user_id: your own stable id of the user. An e-mail alone is never identity.',
  },
  user_jwt_user_id_invalid: {
    status: 401,
    sentence: 'The user_id in the user JWT cannot be used.',
    cure: 'A non-blank string of at most 255 characters, or a whole number up to 2^53−1.',
  },
  user_jwt_claims_invalid: {
    status: 401,
    sentence: 'A claim of the user JWT has a form that cannot be stored.',
    cure: 'At most 200 attributes, nested at most 8 deep; e-mail, name and phone are text.',
  },
  user_hash_invalid: {
    status: 401,
    sentence: 'The user_hash does not match the user_id.',
    cure: 'Lower-case hex of HMAC-SHA256 over the user_id with a live messenger secret; better: move to a JWT.',
  },
  user_id_mismatch: {
    status: 403,
    sentence: 'The user_id beside the user JWT names somebody else.',
    cure: 'Send the user_id you signed, or leave it out.',
  },
  origin_not_allowed: {
    status: 403,
    sentence: 'This origin may not use the Messenger of this workspace.',
    cure: 'List it: latchkey origin add APP_ID https://app.example.com',
  },
  origin_missing: {
    status: 403,
    sentence: 'This needs a browser’s Origin, or a user JWT.',
    cure: 'Outside a browser send a user JWT and name the platform.',
  },
  signing_key_private: {
    status: 422,
    sentence: 'This is a private or secret key; only the public key belongs here.',
    cure: 'Paste what openssl pkey -in private.pem -pubout prints. Nothing was kept; but whoever saw the private key can sign, so replace it.',
  },
  signing_key_unusable: {
    status: 422,
    sentence: 'This public key cannot be used.',
    cure: 'One PEM or JWK that fits its algorithm: RSA of 2048 to 8192 bits (RS256, PS256), P-256 (ES256) or Ed25519 (EdDSA).',
  },
  jwks_unreadable: {
    status: 422,
    sentence: 'No keys could be read at this address.',
    cure: 'Give the https address of the JWKS itself. One in your own network needs LATCHKEY_OUTGOING_ALLOW.',
  },
  jwks_asserts_user_id_already: {
    status: 409,
    sentence: 'Another JWKS of this workspace may say user_ids already.',
    cure: 'Retire that one first, or add this one without the right to say user_ids.',
  },
  contact_blocked: {
    status: 403,
    sentence: 'This person may not sign in.',
    cure: 'A teammate has blocked the contact; unblock it to let them in.',
  },
  session_missing: { status: 401, sentence: 'You are not signed in.', cure: 'Boot the Messenger first, or open the login page.' },
  session_expired: { status: 401, sentence: 'Your session has ended.', cure: 'Boot again with a fresh user JWT.' },
  login_expired: { status: 410, sentence: 'This sign-in request has expired.', cure: 'Go back to the app and follow the link again.' },
  login_link_unknown: {
    status: 404,
    sentence: 'This sign-in link is not known here.',
    cure: 'It may be older than a day, or cut off by a mail program; ask for a new one.',
  },
  login_link_used: {
    status: 410,
    sentence: 'This sign-in link has been used already.',
    cure: 'A link signs in once. Ask for a new one: POST /api/login_links',
  },
  login_url_loops: {
    status: 409,
    sentence: 'Sign-in went round in a circle.',
    cure: 'The Login URL sent the reader back without signing them in: end it at /login/jwt with a jwt, not at return_to.',
  },
  cookies_blocked: {
    status: 409,
    sentence: 'This browser keeps no cookies for this site, so nobody can be signed in.',
    cure: 'Allow cookies for this address; if every browser is told this, a proxy strips Cookie or Set-Cookie.',
  },
  return_to_not_allowed: {
    status: 400,
    sentence: 'return_to leads to an address that is not allowed.',
    cure: 'A path of the support host such as /tickets, or an address on a listed origin.',
  },
  contact_not_found: {
    status: 404,
    sentence: 'There is no user with this user_id here.',
    cure: 'The user_id is your own id of the user, exactly as signed; a user exists here after their first sign-in.',
  },
  account_required: {
    status: 403,
    sentence: 'This page is for people who have an account in the app.',
    cure: 'Sign in through the app: an e-mailed link or an outside sign-in alone names no user_id.',
  },
  handoff_expired: {
    status: 410,
    sentence: 'This hand-over of your sign-in has expired.',
    cure: 'Open the page again: a hand-over works once, within 60 seconds, on the host it was made for.',
  },
  handoff_not_signed_in: {
    status: 401,
    sentence: 'You came back from the sign-in without being signed in.',
    cure: 'See why the sign-in at the primary host failed: latchkey login-log APP_ID --outcome refused',
  },
  login_state_invalid: {
    status: 403,
    sentence: 'This sign-in was not started in this browser, or it took too long.',
    cure: 'Start again from the Sign in button, in one browser that keeps cookies.',
  },
  provider_refused: {
    status: 401,
    sentence: 'The sign-in service did not sign you in.',
    cure: 'Try again, and agree to share what it asks for. The server’s log has the service’s own error code.',
  },
  provider_answer_invalid: {
    status: 401,
    sentence: 'The answer of the sign-in service cannot be trusted.',
    cure: 'Try again. If it stays so, compare issuer, client id, secret and algorithm of the provider; the server’s log names the fault.',
  },
  provider_email_not_allowed: {
    status: 403,
    sentence: 'The sign-in service vouches for no address that may sign in here.',
    cure: 'Sign in with an account whose verified address is in a domain of the provider’s list.',
  },
  provider_unreachable: {
    status: 502,
    sentence: 'The sign-in service does not answer.',
    cure: 'Try again in a moment. If it stays so, the server’s log says why it could not be asked.',
  },
  email_link_expired: {
    status: 410,
    sentence: 'This link from your mail has expired, or was used already.',
    cure: 'Ask for a new link on the sign-in page.',
  },
  login_url_missing: {
    status: 404,
    sentence: 'This workspace has no login page set.',
    cure: 'Set one: latchkey workspace set APP_ID --login-url https://app.example.com/login',
  },
  cross_site_request: { status: 403, sentence: 'This form was sent from another site.', cure: 'Open the page on this site and try again.' },
  unknown_host: {
    status: 421,
    sentence: 'This address is not served here.',
    cure: 'Add the host: latchkey host add APP_ID https://help.example.com',
  },
  not_found: { status: 404, sentence: 'There is nothing here.', cure: 'Check the address.' },
  parameter_invalid: { status: 400, sentence: 'A parameter is not valid.', cure: 'Compare with the documentation of this address.' },
  client_error: { status: 400, sentence: 'The request cannot be understood.', cure: 'Compare with the documentation of this address.' },
  parameter_not_found: {
    status: 400,
    sentence: 'A required parameter is missing.',
    cure: 'Compare with the documentation of this address.',
  },
  media_type_not_supported: { status: 415, sentence: 'This address takes another content type.', cure: 'Send application/json.' },
  body_too_large: { status: 413, sentence: 'The request is too large.', cure: 'Send at most 256 kB.' },
  rate_limit_exceeded: { status: 429, sentence: 'Too many requests.', cure: 'Wait as long as Retry-After says.' },
  unauthorized: {
    status: 401,
    sentence: 'Access Token Invalid',
    cure: 'Send Authorization: Bearer with a live API token (latchkey token add).',
  },
  forbidden: { status: 403, sentence: 'This API token may not do that.', cure: 'Use a token with the scope this needs.' },
  intercom_version_invalid: {
    status: 400,
    sentence: 'The requested version could not be found',
    cure: 'Send an Intercom-Version from 2.0 to 2.16, or none.',
  },
  conversation_not_found: { status: 404, sentence: 'Conversation not found', cure: 'Check the id.' },
  ticket_not_found: { status: 404, sentence: 'Ticket not found', cure: 'Check the id.' },
  ticket_state_id_invalid: { status: 400, sentence: 'The ticket state does not exist here.', cure: 'List them: GET /api/ticket_states' },
  invalid_ticket_type: { status: 400, sentence: 'The ticket type does not exist here.', cure: 'List them: GET /api/ticket_types' },
  admin_not_found: { status: 404, sentence: 'Admin not found', cure: 'Use the id of a teammate of this workspace.' },
  ...teammateErrors,
  server_error: { status: 500, sentence: 'Something went wrong on our side.', cure: 'Try again; the request id is in the server’s log.' },
} as const satisfies Record<string, Expected>

export { teammateErrors }

export type ErrorCode = keyof typeof errors

/** Faults of form, algorithm, key and signature: one code to the public, so that nobody learns which part was right. */
const PUBLICLY_INVALID: ReadonlySet<ErrorCode> = new Set([
  'user_jwt_malformed',
  'user_jwt_too_large',
  'user_jwt_algorithm_not_allowed',
  'user_jwt_signature_invalid',
  'user_jwt_key_retired',
  'user_jwt_jwks_unreachable',
  'user_jwt_app_id_mismatch',
  'user_hash_invalid',
] satisfies ErrorCode[])

interface FailureOptions {
  detail?: string
  field?: string
  retryAfter?: number
  hint?: string | undefined
}

/** An expected failure. `detail` replaces the public sentence; `hint` is for the workspace's own people alone; `retryAfter` is in seconds. */
export class Failure extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly field: string | undefined
  readonly retryAfter: number | undefined
  /** What most likely went wrong this time. */
  hint: string | undefined

  constructor(code: ErrorCode, { detail, field, retryAfter, hint }: FailureOptions = {}) {
    super(code)
    this.code = code
    this.detail = detail
    this.field = field
    this.retryAfter = retryAfter
    this.hint = hint
  }
}

export function publicCode(code: ErrorCode): ErrorCode {
  return PUBLICLY_INVALID.has(code) ? 'user_jwt_invalid' : code
}
