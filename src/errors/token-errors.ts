import type { Expected } from '#errors'

/** What can be wrong with a user JWT or user_hash, and with the keys that sign them. */
export const tokenErrors = {
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
} as const satisfies Record<string, Expected>
