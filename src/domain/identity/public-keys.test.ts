import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose'
import { Failure } from '#errors'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'
import { hasSignature, keyFromJwk, presentJwk, PUBLIC_ALGORITHMS, readPublicKey, type PublicAlgorithm } from './public-keys.ts'
import { readJws } from './verify-jws.ts'

/** Made by openssl for one day in 2026; its dates do not count. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIUP5pFW/bX7xJkKo4f7RayAEp+RC8wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMaWQuYWNtZS50ZXN0MB4XDTI2MTEyNDE0NDkwMFoXDTI2MTEy
NTE0NDkwMFowFzEVMBMGA1UEAwwMaWQuYWNtZS50ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAE/3rkAeEcgx/YDdEZegCqo1F/K797JyCvw9xM4F+sYxTr3YO2
Y+KZ0y3DLl+7Bu4MlHS4aJRr4grtYEHOWtOYi6NTMFEwHQYDVR0OBBYEFGESYoe9
PDuli9NZ3TZlDsaBY5T+MB8GA1UdIwQYMBaAFGESYoe9PDuli9NZ3TZlDsaBY5T+
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAP4YTzR19Dpt4AGo
nLa8kiKX2Tye8sAiTtNfP10VnB+aAiEAuebCb810kqvVeX+w21tLRqbTXChDKLVt
Sqfz4bL3+8I=
-----END CERTIFICATE-----
`

interface Vectors {
  testGroups: { public?: Record<string, unknown>; tests: { tcId: number; comment: string; jws: unknown; result: string }[] }[]
}

const FILE = new URL('../../../../shared/data/wycheproof/json_web_signature_test.json', import.meta.url)
/** Their payload is empty, which no token of ours is (RFC 7519 §7.2: a JSON object). */
const EMPTY = new Set([259, 272])
const pairs = Object.fromEntries(PUBLIC_ALGORITHMS.map((algorithm) => [algorithm, makeKeyPair(algorithm)])) as Record<
  PublicAlgorithm,
  ReturnType<typeof makeKeyPair>
>

/** What a workspace that added this key would say of the token. */
function verdictOf(jwk: Record<string, unknown>, algorithm: PublicAlgorithm, token: string): boolean {
  const key = keyFromJwk(jwk, algorithm)
  const jws = readJws(token)
  return key !== undefined && typeof jws !== 'string' && hasSignature(jws, key)
}

for (const algorithm of PUBLIC_ALGORITHMS)
  test(
    `the ${algorithm} vectors of Wycheproof come out as they should`,
    { skip: existsSync(FILE) ? false : 'the vectors are not beside the repository' },
    () => {
      const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors
      const wrong: string[] = []
      let taken = 0
      for (const { public: jwk, tests } of testGroups) {
        if (!jwk) continue
        for (const { tcId, comment, jws, result } of tests) {
          const isTheirs = jwk['alg'] === undefined || jwk['alg'] === algorithm
          const verdict = verdictOf(jwk, algorithm, typeof jws === 'string' ? jws : JSON.stringify(jws))
          taken += Number(verdict)
          if (EMPTY.has(tcId)) assert.equal(verdict, false)
          else if (verdict !== (result === 'valid' && isTheirs && headerOf(jws) === algorithm)) wrong.push(`${tcId}: ${comment}`)
        }
      }
      assert.deepEqual(wrong, [])
      // Wycheproof has no vectors for EdDSA in JWS.
      assert.equal(taken > 0, algorithm !== 'EdDSA')
    },
  )

for (const algorithm of PUBLIC_ALGORITHMS) {
  test(`an independent library signs ${algorithm} that we take, and takes what we sign`, async () => {
    const theirs = await generateKeyPair(algorithm === 'EdDSA' ? 'EdDSA' : algorithm, { extractable: true })
    const token = await new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: algorithm }).sign(theirs.privateKey)
    assert.equal(verdictOf({ ...(await exportJWK(theirs.publicKey)) }, algorithm, token), true)
    const ours = pairs[algorithm]
    const { payload } = await jwtVerify(signWith(ours, { sub: 'ada' }), await importJWK(ours.jwk, algorithm))
    assert.equal(payload.sub, 'ada')
  })

  test(`a ${algorithm} key takes no other algorithm, no other key's and no changed signature`, () => {
    const token = signWith(pairs[algorithm], { sub: 'ada' })
    const [head, body, tail = ''] = token.split('.')
    const bytes = Buffer.from(tail, 'base64url')
    for (const index of [0, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      assert.equal(verdictOf(pairs[algorithm].jwk, algorithm, `${head}.${body}.${changed.toString('base64url')}`), false)
    }
    for (const odd of [bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)]), Buffer.alloc(bytes.length), Buffer.alloc(1)])
      assert.equal(verdictOf(pairs[algorithm].jwk, algorithm, `${head}.${body}.${odd.toString('base64url')}`), false)
    for (const other of PUBLIC_ALGORITHMS) {
      if (other !== algorithm) assert.equal(verdictOf(pairs[other].jwk, other, token), false)
      const renamed = signWith(pairs[algorithm], { sub: 'ada' }, { alg: other })
      if (other !== algorithm) assert.equal(verdictOf({ ...pairs[algorithm].jwk, alg: undefined }, other, renamed), false)
    }
    assert.equal(verdictOf(makeKeyPair(algorithm).jwk, algorithm, token), false)
  })

  test(`a pasted ${algorithm} key is kept without anything that stood beside it`, () => {
    const { pem, jwk, publicKey } = pairs[algorithm]
    const bare = publicKey.export({ format: 'jwk' })
    assert.deepEqual(presentJwk(readPublicKey(`\n${pem}\n`, algorithm)), bare)
    const decorated = JSON.stringify({ ...jwk, x5u: 'https://evil.test/', note: 'a note' })
    assert.deepEqual(presentJwk(readPublicKey(decorated, algorithm)), { ...bare, kid: jwk['kid'] })
  })

  test(`a private ${algorithm} key is refused in every form`, () => {
    const { privateKey } = pairs[algorithm]
    const forms = [String(privateKey.export({ type: 'pkcs8', format: 'pem' })), JSON.stringify(privateKey.export({ format: 'jwk' }))]
    if (algorithm === 'ES256') forms.push(String(privateKey.export({ type: 'sec1', format: 'pem' })))
    if (algorithm === 'RS256') forms.push(String(privateKey.export({ type: 'pkcs1', format: 'pem' })))
    forms.push(`${pairs[algorithm].pem}${forms[0]}`)
    for (const form of forms) assert.equal(complaintOf(form, algorithm), 'signing_key_private')
  })
}

const { pem: es256 } = pairs.ES256
for (const [flaw, text, algorithm] of [
  ['RSA key of 1024 bits', () => makeKeyPair('RS256', 1024).pem, 'RS256'],
  ['RSA key of 2040 bits', () => makeKeyPair('RS256', 2040).pem, 'PS256'],
  ['RSA key with the exponent 1', () => JSON.stringify({ ...pairs.RS256.jwk, e: 'AQ' }), 'RS256'],
  ['RSA-PSS key that is bound to other rules', () => pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })), 'PS256'],
  ['P-256 key', () => es256, 'RS256'],
  ['P-256 key', () => es256, 'EdDSA'],
  ['RSA key', () => pairs.RS256.pem, 'ES256'],
  ['P-384 key', () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })), 'ES256'],
  ['secp256k1 key', () => pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), 'ES256'],
  ['Ed448 key', () => pemOf(generateKeyPairSync('ed448')), 'EdDSA'],
  ['X25519 key', () => pemOf(generateKeyPairSync('x25519')), 'EdDSA'],
  ['point that is not on its curve', () => JSON.stringify({ ...pairs.ES256.jwk, x: pairs.ES256.jwk['y'] }), 'ES256'],
  ['JWK for encryption', () => JSON.stringify({ ...pairs.RS256.jwk, use: 'enc' }), 'RS256'],
  ['JWK for another algorithm', () => JSON.stringify({ ...pairs.RS256.jwk, alg: 'RS512' }), 'RS256'],
  ['JWK with other operations', () => JSON.stringify({ ...pairs.RS256.jwk, key_ops: ['encrypt'] }), 'RS256'],
  ['key set', () => JSON.stringify({ keys: [pairs.RS256.jwk] }), 'RS256'],
  ['second key behind the first', () => es256 + pairs.ES256.pem, 'ES256'],
  ['cut PEM', () => es256.slice(0, 80), 'ES256'],
  ['text', () => 'a key', 'ES256'],
  ['nothing', () => '', 'ES256'],
  ['list', () => '{"kty":', 'ES256'],
] as const)
  test(`a ${flaw} is no key for ${algorithm}`, () => assert.equal(complaintOf(text(), algorithm), 'signing_key_unusable'))

test('a key is also read out of a certificate and out of the older form of RSA keys', () => {
  assert.equal(presentJwk(readPublicKey(CERTIFICATE, 'ES256'))['crv'], 'P-256')
  assert.equal(complaintOf(CERTIFICATE, 'RS256'), 'signing_key_unusable')
  const { publicKey } = pairs.RS256
  const older = String(publicKey.export({ type: 'pkcs1', format: 'pem' }))
  assert.deepEqual(presentJwk(readPublicKey(older, 'RS256')), publicKey.export({ format: 'jwk' }))
})

test('a shared secret pasted as a JWK is told apart from a public key', () => {
  assert.equal(complaintOf(JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), 'RS256'), 'signing_key_private')
})

function complaintOf(text: string, algorithm: PublicAlgorithm): string | undefined {
  try {
    readPublicKey(text, algorithm)
  } catch (error) {
    return error instanceof Failure ? error.code : assert.fail(String(error))
  }
  return undefined
}

function headerOf(jws: unknown): unknown {
  try {
    return (JSON.parse(Buffer.from(String(jws).split('.')[0] ?? '', 'base64url').toString()) as { alg?: unknown }).alg
  } catch {
    return undefined
  }
}

function pemOf({ publicKey }: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): unknown } }): string {
  return String(publicKey.export({ type: 'spki', format: 'pem' }))
}
