import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { errors } from '#errors'
import { addPublicKey, createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { ada, signJwt } from '#test/cast.ts'
import { dumpTables } from '#test/desk.ts'
import { openHouse, type House } from '#test/house.ts'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'
import type { TestedDoor } from './door-rules.ts'
import { explainUserJwt, type TokenTest, type TokenVerdict } from './explain-user-jwt.ts'
import { TOKEN_RULES } from './token-rules.ts'

let house: House
let secret: string
before(async () => {
  house = await openHouse()
  secret = house.tenants.acme.secret
})
after(() => house.close())

const seconds = () => Math.floor(house.now() / 1000)
const claims = (more: object = {}) => ({ ...ada, exp: seconds() + 120, ...more })
const sign = (more: object = {}, key = secret) => signJwt(claims(more), key)
const withHeader = (header: object, more: object = {}) => signJwt(claims(more), secret, { header: { ...header } })

async function explain(token: string, asked: Partial<TokenTest> = {}): Promise<TokenVerdict> {
  const test = { token, door: 'boot' as TestedDoor, platform: 'web' as const, elsewhere: [], now: house.now(), ...asked }
  return explainUserJwt(house.db, house.app.keyring, house.acme, test)
}

/** Base64url of text that is no good form of it. */
const raw = (text: string) => Buffer.from(text).toString('base64url')

for (const [flaw, forge, rule, code, hint] of [
  ['with “Bearer ” before it', () => `Bearer ${sign()}`, 'form', 'user_jwt_malformed', /Leave out “Bearer ”/],
  ['in quotes', () => `"${sign()}"`, 'form', 'user_jwt_malformed', /quotes around the token/],
  ['in its JSON', () => JSON.stringify({ intercomJwt: sign() }), 'form', 'user_jwt_malformed', /send only the token/],
  ['with its name before it', () => `intercom_user_jwt=${sign()}`, 'form', 'user_jwt_malformed', /name and “=”/],
  ['with a line break in it', () => sign().replace('.', '.\n'), 'form', 'user_jwt_malformed', /line break inside/],
  [
    'without its signature',
    () => sign().split('.').slice(0, 2).join('.'),
    'form',
    'user_jwt_malformed',
    /third segment, the signature, is missing/,
  ],
  ['that is encrypted', () => 'eyJhbGciOiJkaXIifQ.a.b.c.d', 'form', 'user_jwt_malformed', /Five segments/],
  [
    'in base64',
    () =>
      sign()
        .split('.')
        .map((part) => `${part}=`)
        .join('.'),
    'form',
    'user_jwt_malformed',
    /not in base64url/,
  ],
  ['that is the secret itself', () => secret, 'form', 'user_jwt_malformed', /messenger secret “first” itself/],
  ['that is an API token', () => `lk_${'a'.repeat(43)}`, 'form', 'user_jwt_malformed', /API token of a teammate/],
  ['of more than 16 kB', () => sign({ note: 'x'.repeat(17_000) }), 'size', 'user_jwt_too_large', undefined],
  ['under another algorithm', () => withHeader({ alg: 'HS512' }), 'algorithm', 'user_jwt_algorithm_not_allowed', /tell your library HS256/],
  ['under none', () => withHeader({ alg: 'None' }), 'algorithm', 'user_jwt_algorithm_not_allowed', /nobody signed it/],
  ['with crit', () => withHeader({ alg: 'HS256', crit: ['exp'] }), 'header', 'user_jwt_malformed', /header has crit/],
  ['of another kind', () => withHeader({ alg: 'HS256', typ: 'at+jwt' }), 'header', 'user_jwt_malformed', /typ is "at\+jwt"/],
  [
    'whose secret was base64-decoded',
    () => signBytes(Buffer.from(secret, 'base64')),
    'signature',
    'user_jwt_signature_invalid',
    /“first” \(mk_\w+\) was base64-decoded before signing/,
  ],
  ['whose secret has a line break', () => sign({}, `${secret}\n`), 'signature', 'user_jwt_signature_invalid', /line break behind it/],
  ['whose secret has a carriage return', () => sign({}, `${secret}\r`), 'signature', 'user_jwt_signature_invalid', /line break behind it/],
  ['whose secret was cut', () => sign({}, secret.slice(0, -1)), 'signature', 'user_jwt_signature_invalid', /without its last character/],
  ['signed with nothing', () => sign({}, ''), 'signature', 'user_jwt_signature_invalid', /^It was signed with an empty secret/],
  ['signed with “undefined”', () => sign({}, 'undefined'), 'signature', 'user_jwt_signature_invalid', /with the text “undefined”/],
  ['signed with the app_id', () => sign({}, 'acme'), 'signature', 'user_jwt_signature_invalid', /with the app_id/],
  ['signed with a kid', () => sign({}, house.tenants.acme.kid), 'signature', 'user_jwt_signature_invalid', /with the kid mk_\w+ itself/],
  ['whose signature was cut', () => sign().slice(0, -7), 'signature', 'user_jwt_signature_invalid', /has 36 characters of 43/],
  ['that is percent-encoded', () => sign().replaceAll('.', '%2E'), 'form', 'user_jwt_malformed', /percent-encoded/],
  ['whose secret has quotes', () => sign({}, `"${secret}"`), 'signature', 'user_jwt_signature_invalid', /quotes around it/],
  ['whose signature is hex', () => signAsHex(), 'signature', 'user_jwt_signature_invalid', /written in hex/],
  [
    'of another service',
    () => sign({}, 'the secret of another service, 32 bytes'),
    'signature',
    'user_jwt_signature_invalid',
    /service you used before/,
  ],
  [
    'of an identity provider',
    () => sign({ iss: 'https://id.example' }, 'x'),
    'signature',
    'user_jwt_signature_invalid',
    /iss is "https:\/\/id\.example"/,
  ],
  [
    'with the kid of another workspace',
    () => signJwt(claims(), 'x', { header: { alg: 'HS256', kid: 'mk_0123456789ab' } }),
    'signature',
    'user_jwt_signature_invalid',
    /mk_0123456789ab is no key of this workspace/,
  ],
  ['that is no object', () => signJwt('["ada"]', secret), 'payload', 'user_jwt_malformed', /no JSON object/],
  [
    'with exp as text',
    () => sign({ exp: '1767603600' }),
    'times',
    'user_jwt_times_invalid',
    /exp must be a JSON number; here it is "1767603600"/,
  ],
  ['that expired', () => sign({ exp: seconds() - 7300 }), 'not_expired', 'user_jwt_expired', /expired 2 hours ago/],
  [
    'that was expired when it was signed',
    () => sign({ iat: seconds() - 80, exp: seconds() - 90 }),
    'not_expired',
    'user_jwt_expired',
    /when it was signed/,
  ],
  ['with iat in milliseconds', () => sign({ iat: house.now() }), 'begun', 'user_jwt_not_yet_valid', /iat is in milliseconds/],
  ['of a clock ahead', () => sign({ iat: seconds() + 600 }), 'begun', 'user_jwt_not_yet_valid', /clock is 10 minutes ahead/],
  [
    'of a clock in a time zone',
    () => sign({ iat: seconds() + 7199 }),
    'begun',
    'user_jwt_not_yet_valid',
    /2 hours ahead.*Unix time is UTC/,
  ],
  [
    'with another aud',
    () => sign({ aud: 'globex' }),
    'audience',
    'user_jwt_audience_mismatch',
    /aud is "globex"; this workspace is "acme"/,
  ],
  [
    'with sub',
    () => sign({ user_id: undefined, email: undefined, sub: 'ada' }),
    'user_id',
    'user_jwt_user_id_missing',
    /It has sub, but no user_id/,
  ],
  ['with an email only', () => sign({ user_id: undefined }), 'user_id', 'user_jwt_user_id_missing', /only an email/],
  [
    'with a numeric user_id too big',
    () => signJwt(`{"user_id":12345678901234567890,"exp":${seconds() + 60}}`, secret),
    'user_id',
    'user_jwt_user_id_invalid',
    /"user_id": "12345678901234567890"/,
  ],
  [
    'with a user_id that is an object',
    () => sign({ user_id: { id: 1 } }),
    'user_id',
    'user_jwt_user_id_invalid',
    /user_id is a object|user_id is an object/,
  ],
  ['with a claim that cannot be stored', () => sign({ name: 7 }), 'claims', 'user_jwt_claims_invalid', /Cannot be stored: "name"/],
  ['that is not a token at all', () => `${raw('hello')}.${raw('you')}.x`, 'form', 'user_jwt_malformed', /no JSON object/],
] as const)
  test(`a token ${flaw} is explained, and every rule before is ticked`, async () => {
    const before = await dumpTables(house)
    const verdict = await explain(forge())
    assert.equal(verdict.accepted, false)
    assert.equal(verdict.code, code)
    assert.deepEqual([verdict.sentence, verdict.cure], [errors[code].sentence, errors[code].cure])
    const at = TOKEN_RULES.findIndex((one) => one.rule === rule)
    assert.deepEqual(
      verdict.rules.map(({ state }) => state),
      TOKEN_RULES.map((_one, index) => (index < at ? 'passed' : index === at ? 'failed' : 'not_reached')),
    )
    if (hint) assert.match(verdict.hints.join('\n'), hint)
    assert.deepEqual(await dumpTables(house), before)
  })

test('the door says what the token may live', async () => {
  const inMilliseconds = sign({ exp: house.now() + 120_000 })
  const late = await explain(inMilliseconds, { door: 'login_jwt' })
  assert.deepEqual([late.code, late.hints], ['user_jwt_lifetime_too_long', ['exp is in milliseconds: divide by 1000 and round down.']])
  const taken = await explain(inMilliseconds)
  assert.equal(taken.accepted, true)
  assert.match(taken.advice.join('\n'), /exp is in milliseconds/)
  assert.match((await explain(sign({ exp: seconds() + 3600 }), { door: 'login_jwt' })).hints.join('\n'), /at most 5 minutes/)
  assert.equal((await explain(sign({ exp: undefined }), { door: 'login_jwt' })).code, 'user_jwt_exp_missing')
  assert.equal((await explain(sign(), { door: 'access_jwt' })).code, 'user_jwt_iat_missing')
  assert.equal(
    (await explain(sign({ iat: seconds(), jti: '1', user_id: undefined, external_id: 'ada' }), { door: 'access_jwt' })).user_id,
    'ada',
  )
  assert.equal((await explain(sign({ aud: 'acme:cookie' }), { door: 'cookie' })).accepted, true)
})

test('a user_id that a program wrote because it had none is taken, with a warning', async () => {
  for (const user_id of ['undefined', 'null', '[object Object]']) {
    const { accepted, advice } = await explain(sign({ user_id }))
    assert.equal(accepted, true)
    assert.ok(advice.some((line) => line.startsWith(`user_id is the text “${user_id}”`)))
  }
})

test('a good token is accepted by every rule, with its key and its user', async () => {
  const verdict = await explain(`\n  ${withHeader({ alg: 'HS256', kid: house.tenants.acme.kid })}  \n`)
  const { accepted, user_id, kid, key_name, code, hints, advice } = verdict
  assert.deepEqual(
    { accepted, user_id, kid, key_name, code, hints, advice },
    { accepted: true, user_id: 'ada', kid: house.tenants.acme.kid, key_name: 'first', code: null, hints: [], advice: [] },
  )
  assert.ok(verdict.rules.every(({ state }) => state === 'passed'))
})

test('keys that do not fit are named: retired, of another platform, mixed up, of another workspace of the same person', async () => {
  const { db, encryption, acme, now } = house
  const ios = await createSecret(db, encryption, acme, { name: 'iOS', platforms: ['ios'], now: now() })
  const old = await createSecret(db, encryption, acme, { name: 'Old', now: now() })
  await retireSigningKey(db, acme, old.row.kid, { now: now(), endSessions: false })
  house.pass(1001)
  const onWeb = await explain(sign({}, ios.secret))
  assert.deepEqual([onWeb.code, onWeb.key_name], ['user_jwt_key_not_for_platform', 'iOS'])
  assert.equal((await explain(sign({}, ios.secret), { platform: 'ios' })).accepted, true)
  const retired = await explain(sign({}, old.secret))
  assert.deepEqual([retired.code, retired.key_name], ['user_jwt_key_retired', 'Old'])
  const mixed = await explain(signJwt(claims(), secret, { header: { alg: 'HS256', kid: ios.row.kid } }))
  assert.match(mixed.hints.join('\n'), /kid names “iOS”, but “first”/)
  const foreign = sign({}, house.tenants.globex.secret)
  assert.ok(!JSON.stringify(await explain(foreign)).includes('lobex'))
  const elsewhere = [{ workspace: house.globex, keys: await house.app.keyring.keysOf(house.globex, now()) }]
  assert.match((await explain(foreign, { elsewhere })).hints.join('\n'), /your workspace Globex \(globex\)/)
})

test('of a token under a public key the flaw is named in the words of that key', async () => {
  const pair = makeKeyPair('ES256')
  const said = { iss: 'https://id.acme.test/', aud: 'support' }
  const none = await explain(signWith(pair, claims(said)))
  assert.equal(none.code, 'user_jwt_algorithm_not_allowed')
  assert.match(none.hints.join('\n'), /an identity provider’s token of "https:\/\/id\.acme\.test\/"/)
  const added = { name: 'Backend', algorithm: 'ES256' as const, issuer: said.iss, audience: said.aud, now: house.now() }
  await addPublicKey(house.db, house.acme, { ...added, text: pair.pem })
  house.pass(1001)
  const good = await explain(signWith(pair, claims(said)))
  assert.deepEqual([good.accepted, good.key_name, good.user_id], [true, 'Backend', 'ada'])
  for (const [token, rule, hint] of [
    [signWith(makeKeyPair('ES256'), claims(said)), 'signature', /no "ES256" key that was added here/],
    [signWith(pair, claims({ ...said, iss: 'https://id.acme.test' })), 'issuer', /a slash at the end counts/],
    [signWith(pair, claims({ ...said, aud: 'acme' })), 'audience', /not the audience that its public key/],
  ] as const) {
    const verdict = await explain(token)
    assert.equal(verdict.rules.find(({ state }) => state === 'failed')?.rule, rule)
    assert.match(verdict.hints.join('\n'), hint)
  }
})

test('a token that was used up, and one of a blocked person, are refused after every other rule', async () => {
  const token = sign({ jti: 'once' })
  await house.browser().get(`/login/jwt?jwt=${token}`)
  const form = { jwt: sign({ jti: 'twice' }) }
  await house.browser().post('/login/jwt', form, { form: true })
  assert.equal((await explain(form.jwt)).code, 'user_jwt_already_used')
  await house.db.updateTable('contacts').set({ blocked_at: house.now() }).where('external_id', '=', 'ada').execute()
  const blocked = await explain(sign())
  assert.deepEqual([blocked.code, blocked.rules.at(-1)?.state], ['contact_blocked', 'failed'])
  await house.db.updateTable('contacts').set({ blocked_at: null }).execute()
})

test('of two flaws the rule that comes first is named, as the list has them', async () => {
  // From the last rule to the first, each flaw is put into a token that has all the later ones.
  const all = { user_id: undefined, aud: 'globex', iat: seconds() + 600, exp: seconds() - 600, name: 7 }
  const order = []
  for (const mend of [{}, { exp: seconds() + 60 }, { iat: undefined }, { aud: undefined }, { user_id: 'ada' }, { name: 'Ada' }]) {
    Object.assign(all, mend)
    order.push((await explain(signJwt(all, secret))).rules.find(({ state }) => state === 'failed')?.rule)
  }
  assert.deepEqual(order, ['not_expired', 'begun', 'audience', 'user_id', 'claims', undefined])
  assert.equal((await explain(signJwt(all, 'x', { header: { alg: 'HS512', crit: [] } }))).code, 'user_jwt_algorithm_not_allowed')
  assert.equal((await explain(signJwt('[]', 'x'))).code, 'user_jwt_signature_invalid')
})

test('every refusal of a token belongs to a rule', () => {
  const known = new Set<string>(TOKEN_RULES.flatMap(({ codes }) => codes))
  // Of what comes with a token or without one, and of the cookie that carries it.
  const whole = ['missing', 'invalid', 'app_id_mismatch', 'cookie_ended', 'cookie_twice'].map((word) => `user_jwt_${word}`)
  assert.deepEqual(
    Object.keys(errors).filter((code) => code.startsWith('user_jwt_') && !known.has(code) && !whole.includes(code)),
    [],
  )
})

function signBytes(key: Uint8Array): string {
  const [head, body] = sign().split('.')
  return `${head}.${body}.${createHmac('sha256', key).update(`${head}.${body}`).digest('base64url')}`
}

function signAsHex(): string {
  const [head, body] = sign().split('.')
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('hex')}`
}
