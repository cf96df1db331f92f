import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { jwtVerify, SignJWT } from 'jose'
import { signJwt } from '#test/cast.ts'
import { verifyJws } from './verify-jws.ts'

interface Vectors {
  testGroups: {
    private?: { kty: string; k?: string; alg?: string }
    tests: { tcId: number; comment: string; jws: unknown; result: string }[]
  }[]
}

const FILE = new URL('../../../../shared/data/wycheproof/json_web_signature_test.json', import.meta.url)
const FAULTY = new Set([367, 370])
/** Marked valid, but they hold a character that RFC 7515 §2 does not allow. */
const REFUSED = new Set([372, 373])
const key = Buffer.from('a messenger secret of more than 32 bytes')

test(
  'the HMAC vectors of Wycheproof come out as they should',
  { skip: existsSync(FILE) ? false : 'the vectors are not beside the repository' },
  () => {
    const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors
    let seen = 0
    for (const group of testGroups) {
      if (group.private?.kty !== 'oct' || group.private.k === undefined) continue
      const secret = Buffer.from(group.private.k, 'base64url')
      for (const vector of group.tests) {
        if (FAULTY.has(vector.tcId) || typeof vector.jws !== 'string') continue
        const expected = vector.result === 'valid' && !REFUSED.has(vector.tcId)
        const isForeign: boolean = group.private.alg !== undefined && group.private.alg !== 'HS256'
        assert.equal(verifyJws(vector.jws, secret), expected && !isForeign, `${vector.tcId}: ${vector.comment}`)
        seen += 1
      }
    }
    assert.ok(seen >= 30, `only ${seen} vectors under an HMAC key`)
  },
)

for (const [flaw, forge] of [
  ['no signature', () => signJwt({}, key.toString(), { signature: '' })],
  ['padding', () => `${signJwt({}, key.toString())}=`],
  ['a line break', () => `${signJwt({}, key.toString())}\n`],
  ['a fourth segment', () => `${signJwt({}, key.toString())}.x`],
  ['another alphabet', () => signJwt({}, key.toString()).replaceAll('-', '+').replaceAll('_', '/') + '+'],
  ['alg none', () => signJwt({}, key.toString(), { header: { alg: 'none' } })],
  ['alg in lower case', () => signJwt({}, key.toString(), { header: { alg: 'hs256' } })],
  ['alg as a list', () => signJwt({}, key.toString(), { header: { alg: ['HS256'] } })],
  ['crit', () => signJwt({}, key.toString(), { header: { alg: 'HS256', crit: [] } })],
  ['b64', () => signJwt({}, key.toString(), { header: { alg: 'HS256', b64: true } })],
  ['a header that is a list', () => signJwt({}, key.toString(), { header: '["HS256"]' })],
  ['a header with something behind it', () => signJwt({}, key.toString(), { header: '{"alg":"HS256"} x' })],
  ['another kind of token', () => signJwt({}, key.toString(), { header: { alg: 'HS256', typ: 'at+jwt' } })],
] as const)
  test(`a token with ${flaw} does not verify`, () => assert.equal(verifyJws(forge(), key), false))

test('typ may be absent or JWT in any case', () => {
  assert.equal(verifyJws(signJwt({}, key.toString(), { header: { alg: 'HS256' } }), key), true)
  assert.equal(verifyJws(signJwt({}, key.toString(), { header: { alg: 'HS256', typ: 'jwt' } }), key), true)
})

test('an independent library signs what we take, and takes what we sign', async () => {
  const token = await new SignJWT({ user_id: 'ada' }).setProtectedHeader({ alg: 'HS256' }).sign(key)
  assert.equal(verifyJws(token, key), true)
  assert.equal((await jwtVerify(signJwt({ user_id: 'ada' }, key.toString()), key)).payload['user_id'], 'ada')
})
