import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTotpStep, newTotpSecret, totpUri } from './totp.ts'

/** RFC 6238, appendix B: SHA-1, the last six of its eight digits; the secret is its ASCII text in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
for (const [seconds, code] of [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const)
  test(`the code of second ${seconds} is the RFC’s`, () => {
    assert.equal(findTotpStep(RFC_SECRET, code, seconds * 1000), Math.floor(seconds / 30))
  })

test('a clock may be one step off to either side, and no further', () => {
  const [code, step] = ['005924', Math.floor(1_234_567_890 / 30)] as const
  for (const [off, found] of [
    [-2, undefined],
    [-1, step],
    [0, step],
    [1, step],
    [2, undefined],
  ] as const)
    assert.equal(findTotpStep(RFC_SECRET, code, (step + off) * 30_000), found, String(off))
})

test('spaces as apps show them do no harm; anything but six digits is no code', () => {
  const at = 1_234_567_890_000
  assert.notEqual(findTotpStep(RFC_SECRET, ' 005 924 ', at), undefined)
  for (const code of ['', '5924', '0059240', '89005924', '005924x', '٠٠٥٩٢٤', '-05924', '5.9e10'])
    assert.equal(findTotpStep(RFC_SECRET, code, at), undefined, code)
})

test('a secret has 160 bits and is never the same; its address names issuer and account, whatever is in their names', () => {
  const secret = newTotpSecret()
  assert.match(secret, /^[A-Z2-7]{32}$/)
  assert.notEqual(newTotpSecret(), secret)
  const uri = new URL(totpUri(secret, { issuer: 'Latchkey A:B & C/Ü', account: 'a:d+a@acme.test' }))
  assert.equal(decodeURIComponent(uri.pathname), '/Latchkey A B & C/Ü:a d+a@acme.test')
  assert.deepEqual([uri.protocol, uri.host, uri.searchParams.get('secret')], ['otpauth:', 'totp', secret])
  assert.equal(uri.searchParams.get('issuer'), 'Latchkey A B & C/Ü')
})
