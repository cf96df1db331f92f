import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedCache } from '#platform/cache/bounded-cache.ts'

test('the entries used last are kept, the others forgotten', () => {
  const cache = boundedCache<string, number>(2)
  assert.equal(cache.set('a', 1), 1)
  for (const [key, value] of [
    ['b', 2],
    ['c', 3],
    ['d', 4],
  ] as const) {
    cache.set(key, value)
    assert.equal(cache.get('a'), 1)
  }
  assert.equal(cache.get('b'), undefined)
})

test('never more than twice as many are kept', () => {
  const cache = boundedCache<number, number>(10)
  const keys = Array.from({ length: 100 }, (_, index) => index)
  for (const key of keys) cache.set(key, key)
  const kept = keys.toReversed().filter((key) => cache.get(key) !== undefined)
  assert.deepEqual(kept.slice(0, 10), keys.toReversed().slice(0, 10))
  assert.ok(kept.length <= 20)
})

test('setting an entry again replaces it and takes no second place', () => {
  const cache = boundedCache<string, number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  cache.set('a', 3)
  assert.deepEqual([cache.get('a'), cache.get('b')], [3, 2])
})
