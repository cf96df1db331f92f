import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBatch } from '#platform/batch/batch.ts'

function batchInto(written: number[][], { limit = 100, write = async (_items: number[]) => {} } = {}) {
  const errors: unknown[] = []
  const options = { delay: 5, limit, onError: (error: unknown) => void errors.push(error) }
  const batch = openBatch<number>(async (items) => {
    await write(items)
    written.push(items)
  }, options)
  return { batch, errors }
}

test('what comes soon after one another is written together, in order', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const written: number[][] = []
  const { batch } = batchInto(written)
  for (const item of [1, 2, 3]) batch.add(item)
  assert.deepEqual(written, [])
  t.mock.timers.tick(5)
  await batch.flush()
  assert.deepEqual(written, [[1, 2, 3]])
})

test('at the limit the oldest are dropped, so that memory is bounded', async () => {
  const written: number[][] = []
  const { batch } = batchInto(written, { limit: 3 })
  for (let item = 0; item < 10; item += 1) batch.add(item)
  await batch.flush()
  assert.deepEqual(written, [[7, 8, 9]])
})

test('a write that fails is reported, and the next one works', async () => {
  const written: number[][] = []
  const { batch, errors } = batchInto(written, {
    write: async ([first]) => (first === 1 ? Promise.reject(new Error('disk full')) : undefined),
  })
  batch.add(1)
  await batch.flush()
  assert.equal(String(errors[0]), 'Error: disk full')
  batch.add(2)
  await batch.flush()
  assert.deepEqual(written, [[2]])
})

test('many are written a few at a time, in order; where some fail, the rest is written', async () => {
  const written: number[][] = []
  const items = Array.from({ length: 120 }, (_, index) => index)
  const { batch, errors } = batchInto(written, {
    limit: 1000,
    write: async ([first]) => (first === 50 ? Promise.reject(new Error('no')) : undefined),
  })
  for (const item of items) batch.add(item)
  await batch.flush()
  assert.deepEqual(written.flat(), [...items.slice(0, 50), ...items.slice(75)])
  assert.ok(written.every((portion) => portion.length <= 25))
  assert.equal(errors.length, 1)
})

test('what fills a statement is written without waiting for more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const written: number[][] = []
  const { batch } = batchInto(written)
  for (let item = 0; item < 30; item++) batch.add(item)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(
    written.map((portion) => portion.length),
    [25],
  )
  t.mock.timers.tick(5)
  await batch.flush()
  assert.deepEqual(written.flat().length, 30)
})

test('flush waits for writes that have begun, one at a time', async () => {
  const written: number[][] = []
  let running = 0
  const write = async () => {
    running += 1
    assert.equal(running, 1)
    await new Promise((resolve) => void setTimeout(resolve, 5))
    running -= 1
  }
  const { batch, errors } = batchInto(written, { write })
  batch.add(1)
  const first = batch.flush()
  batch.add(2)
  await batch.flush()
  await first
  assert.deepEqual([written, errors], [[[1], [2]], []])
})

test('nothing to write writes nothing', async () => {
  const written: number[][] = []
  await batchInto(written).batch.flush()
  assert.deepEqual(written, [])
})
