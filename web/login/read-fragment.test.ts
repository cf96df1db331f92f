import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFragment } from './read-fragment.ts'

test('the token and what belongs to it are read from behind the #', () => {
  assert.deepEqual(readFragment('#jwt=a.b.c&return_to=%2Ftickets%3Fa%3D1%26b&state=s-1'), {
    jwt: 'a.b.c',
    return_to: '/tickets?a=1&b',
    state: 's-1',
  })
  assert.deepEqual(readFragment('#jwt=a.b.c&evil=1&__proto__=x'), { jwt: 'a.b.c' })
})

for (const hash of ['', '#', '#jwt=', '#return_to=/tickets', '#a.b.c', '#JWT=a.b.c'])
  test(`${JSON.stringify(hash)} holds no token`, () => {
    assert.equal(readFragment(hash), undefined)
  })
