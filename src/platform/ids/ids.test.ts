import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOf, newHexId, newSecret } from '#platform/ids/ids.ts'

test('ids are 24 hex digits, secrets 43 characters of base64url, and none comes twice', () => {
  for (const [make, form] of [
    [newHexId, /^[0-9a-f]{24}$/],
    [newSecret, /^[\w-]{43}$/],
  ] as const) {
    const made = Array.from({ length: 2000 }, make)
    assert.equal(new Set(made).size, 2000)
    for (const one of made) assert.match(one, form)
  }
})

test('a secret has 256 bits', () => {
  assert.equal(Buffer.from(newSecret(), 'base64url').length, 32)
})

test('a hash is SHA-256 in hex (FIPS 180-4)', () => {
  assert.equal(hashOf('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
