import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { encryptionWith } from '#platform/encryption/encryption.ts'

const key = randomBytes(32)
const encryption = encryptionWith(key, 'messenger-secrets')
const sealed = encryption.seal('the secret', 'workspace 1')

test('what was sealed is opened under the same key, label and context', () => {
  assert.equal(encryptionWith(key, 'messenger-secrets').open(sealed, 'workspace 1'), 'the secret')
  for (const text of ['', '日本語 👩‍👩‍👧‍👦', 'x'.repeat(100_000)]) assert.equal(encryption.open(encryption.seal(text, ''), ''), text)
})

for (const [other, open] of [
  ['another context', () => encryption.open(sealed, 'workspace 2')],
  ['no context', () => encryption.open(sealed, '')],
  ['another key', () => encryptionWith(randomBytes(32), 'messenger-secrets').open(sealed, 'workspace 1')],
  ['another label', () => encryptionWith(key, 'sessions').open(sealed, 'workspace 1')],
] as const)
  test(`it is not opened with ${other}`, () => {
    assert.throws(open)
  })

test('no bit of it can be changed, and no part be missing', () => {
  const bytes = Buffer.from(sealed, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => encryption.open(changed.toString('base64url'), 'workspace 1'), `byte ${at}`)
  }
  for (let length = 0; length < bytes.length; length += 1)
    assert.throws(() => encryption.open(bytes.subarray(0, length).toString('base64url'), 'workspace 1'))
})

test('the same text is never sealed the same way twice, and does not show', () => {
  const many = new Set(Array.from({ length: 100 }, () => encryption.seal('the secret', 'workspace 1')))
  assert.equal(many.size, 100)
  assert.ok(!Buffer.from(sealed, 'base64url').includes('the secret'))
})
