/// <reference types="node" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePart } from '#shared/messenger.ts'
import { mergeParts, syncedWith } from './parts.ts'

const part = (sequence: number, body = ''): WirePart => ({
  id: String(sequence),
  conversation_id: '1',
  sequence,
  part_type: 'comment',
  body,
  author: { type: 'user', id: '1', name: null, is_me: true },
  client_id: null,
  created_at: 0,
})

test('a part that comes twice, by its answer and by a read, shows once and in its place', () => {
  const merged = mergeParts([part(1), part(3, 'sent')], [part(2), part(3, 'read')])
  assert.deepEqual(
    merged.map(({ sequence, body }) => [sequence, body]),
    [
      [1, ''],
      [2, ''],
      [3, 'read'],
    ],
  )
})

test('a part sent past one we have not read yet leaves the gap to be read', () => {
  assert.equal(syncedWith(4, part(5)), 5)
  assert.equal(syncedWith(4, part(6)), 4)
})
