import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '#errors'

test('a hint that has to be looked for is looked for by who asks, and once', () => {
  let looked = 0
  const failure = new Failure('user_jwt_invalid', { hint: () => `looked ${++looked} times` })
  assert.equal(looked, 0)
  assert.deepEqual([failure.hint, failure.hint], ['looked 1 times', 'looked 1 times'])
})
