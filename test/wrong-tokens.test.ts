import { createHmac, hash } from 'node:crypto'
import { after, before } from 'node:test'
import type { ErrorCode } from '#errors'
import { ada, signJwt } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { waysInto } from '#test/ways.ts'

let house: House
before(async () => void (house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' })))
after(() => house.close())

const { way } = waysInto(() => house)
const acme = () => house.tenants.acme
const seconds = () => Math.floor(house.now() / 1000)
const signed = (secret: string | Uint8Array) => signJwt(ada, secret)

/** The right secret over something else, or by another digest. */
function resigned(input: (head: string, body: string) => string, digest = 'sha256'): string {
  const [head = '', body = ''] = signed(acme().secret).split('.')
  return `${head}.${body}.${createHmac(digest, acme().secret).update(input(head, body)).digest('base64url')}`
}

const tokens: [title: string, code: ErrorCode, token: () => string, hint: RegExp][] = [
  [
    'the secret with white space before it',
    'user_jwt_signature_invalid',
    () => signed(` ${acme().secret}`),
    /was used with white space before it/,
  ],
  [
    'the secret in quotes, with a line break',
    'user_jwt_signature_invalid',
    () => signed(`"${acme().secret}"\n`),
    /quotes around it.*and a line break/,
  ],
  ['the secret with a semicolon behind it', 'user_jwt_signature_invalid', () => signed(`${acme().secret};`), /with “;” behind it/],
  [
    'the secret from a file with a byte order mark',
    'user_jwt_signature_invalid',
    () => signed(`\uFEFF${acme().secret}`),
    /byte order mark/,
  ],
  [
    'the secret cut to 32 characters',
    'user_jwt_signature_invalid',
    () => signed(acme().secret.slice(0, 32)),
    /without its last 11 characters/,
  ],
  [
    'the secret in base64 as echo writes it',
    'user_jwt_signature_invalid',
    () => signed(Buffer.from(`${acme().secret}\n`).toString('base64')),
    /base64-encoded before signing, with a line break/,
  ],
  ['the secret hex-decoded', 'user_jwt_signature_invalid', () => signed(Buffer.from('no hex at all', 'hex')), /empty secret.*hex-decoded/],
  ['the secret hashed first', 'user_jwt_signature_invalid', () => signed(hash('sha256', acme().secret, 'hex')), /hashed before signing/],
  [
    'the name of the variable instead of the secret',
    'user_jwt_signature_invalid',
    () => signed('process.env.MESSENGER_SECRET'),
    /the name of a variable/,
  ],
  [
    'the secret of an example on jwt.io',
    'user_jwt_signature_invalid',
    () => signed('a-string-secret-at-least-256-bits-long'),
    /out of an example/,
  ],
  ['the app_id as the secret', 'user_jwt_signature_invalid', () => signed('acme'), /with the app_id/],
  [
    'the kid and the secret of another workspace',
    'user_jwt_signature_invalid',
    () => signJwt(ada, house.tenants.globex.secret, { header: { alg: 'HS256', kid: house.tenants.globex.kid } }),
    /is no key of this workspace/,
  ],
  [
    'the signature over the JSON instead of its base64url',
    'user_jwt_signature_invalid',
    () => resigned((head, body) => [head, body].map((part) => Buffer.from(part, 'base64url').toString()).join('.')),
    /over the JSON/,
  ],
  ['the signature over the payload alone', 'user_jwt_signature_invalid', () => resigned((_head, body) => body), /over the payload alone/],
  [
    'HMAC-SHA512 under a header that says HS256',
    'user_jwt_signature_invalid',
    () => resigned((head, body) => `${head}.${body}`, 'sha512'),
    /HMAC-SHA512/,
  ],
  [
    'HS512',
    'user_jwt_algorithm_not_allowed',
    () => signJwt(ada, acme().secret, { header: { alg: 'HS512' } }),
    /signed with HS512: tell your library HS256/,
  ],
  ['an encrypted token', 'user_jwt_malformed', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaa.bbbb.cccc', /encrypted token/],
  ['a line break behind the token', 'user_jwt_malformed', () => `${house.jwt(ada)}\n`, /at an end of the token/],
  ['a quote at one end of the token', 'user_jwt_malformed', () => `"${house.jwt(ada)}`, /a quote at one end/],
  ['the token HTML-escaped', 'user_jwt_malformed', () => `&#34;${house.jwt(ada)}&#34;`, /HTML-escaped/],
  ['the token as Python writes bytes', 'user_jwt_malformed', () => `b'${house.jwt(ada)}'`, /Python wrote it as bytes/],
  ['“Bearer ” before the token', 'user_jwt_malformed', () => `Bearer ${house.jwt(ada)}`, /Leave out “Bearer ”/],
  [
    'the token base64-encoded once more',
    'user_jwt_malformed',
    () => Buffer.from(house.jwt(ada)).toString('base64'),
    /base64-encoded once more/,
  ],
  ['a login page instead of the token', 'user_jwt_malformed', () => '<!doctype html><title>Log in</title>', /a page of HTML/],
  ['a template that was not filled in', 'user_jwt_malformed', () => '{{ intercom_jwt }}', /placeholder/],
  ['an opaque access token', 'user_jwt_malformed', () => 'gho_16C7e42F292c6912E7', /no dots/],
  ['a user_hash as the token', 'user_jwt_malformed', () => '0123456789abcdef'.repeat(4), /looks like a user_hash/],
  [
    'the claims encoded as JSON twice',
    'user_jwt_malformed',
    () => signJwt(JSON.stringify(JSON.stringify(ada)), acme().secret),
    /Pass the claims to the library as an object/,
  ],
  ['the claims inside another claim', 'user_jwt_user_id_missing', () => house.jwt({ data: ada }), /inside "data"/],
  [
    'userId instead of user_id',
    'user_jwt_user_id_missing',
    () => house.jwt({ userID: 'ada', email: ada.email }),
    /It has userID, email, but no user_id/,
  ],
  [
    'a user_id that is null',
    'user_jwt_user_id_missing',
    () => house.jwt({ user_id: null, email: ada.email }),
    /user_id is null: the user was not known yet/,
  ],
  ['no claims but times', 'user_jwt_user_id_missing', () => house.jwt({}), /says nothing of the user/],
  [
    'a database’s object as user_id',
    'user_jwt_user_id_invalid',
    () => house.jwt({ user_id: { $oid: '507f1f77' } }),
    /user_id is an object/,
  ],
  ['a blank user_id', 'user_jwt_user_id_invalid', () => house.jwt({ user_id: ' ' }), /user_id is blank/],
  [
    'an e-mail that is no text',
    'user_jwt_claims_invalid',
    () => house.jwt({ ...ada, email: { home: ada.email } }),
    /Cannot be stored: "email"/,
  ],
  ['exp as a span', 'user_jwt_expired', () => house.jwt({ ...ada, exp: 300 }), /a span and not a moment: write now \+ 300/],
  ['exp as null', 'user_jwt_times_invalid', () => house.jwt({ ...ada, exp: null }), /leave out what you do not set/],
  [
    'times in a time zone',
    'user_jwt_expired',
    () => house.jwt({ ...ada, iat: seconds() - 18_000, exp: seconds() - 17_880 }),
    /expired 5 hours ago.*time zone/,
  ],
  ['nbf in the future', 'user_jwt_not_yet_valid', () => house.jwt({ ...ada, nbf: seconds() + 90_000 }), /Its nbf is 1 day from now/],
  [
    'times in nanoseconds',
    'user_jwt_not_yet_valid',
    () => house.jwt({ ...ada, iat: house.now() * 1e6 }),
    /in nanoseconds: divide by 1,000,000,000/,
  ],
  [
    'the address of the support host as aud',
    'user_jwt_audience_mismatch',
    () => house.jwt({ ...ada, aud: acme().help }),
    /Set aud to that, or leave it out/,
  ],
]
for (const [title, code, token, hint] of tokens) way(title, code, () => house.browser().boot(token()), { hint })
