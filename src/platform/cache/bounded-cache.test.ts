import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedCache } from '#platform/cache/bounded-cache.ts'

test('the entries used last are kept, the others forgotten', () => {
  const cache = boundedCache<string, number>(2)
  assert.equal(cache.set('a', 1), 1)
  cache.set('b', 2)
  assert.equal(cache.get('a'), 1)
  cache.set('c', 3)
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [1, undefined, 3])
})

test('setting an entry again replaces it and takes no second place', () => {
  const cache = boundedCache<string, number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  cache.set('a', 3)
  assert.deepEqual([cache.get('a'), cache.get('b')], [3, 2])
})
