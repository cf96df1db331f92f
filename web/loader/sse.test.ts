/// <reference types="node" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from './sse.ts'

async function read(...chunks: string[]) {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  return Array.fromAsync(readEvents(stream))
}

test('an event cut anywhere by the network is read once it is whole', async () => {
  const events = await read('id: 7\nevent: cha', 'nge\ndata: {"a"', ':1}\n', '\nid: 8\n')
  assert.deepEqual(events, [{ event: 'change', data: '{"a":1}', id: '7' }])
})

test('a heartbeat comment is seen, and names no event', async () => {
  assert.deepEqual(await read(': still here\n\n'), [{ event: '', data: '', id: '' }])
})

test('carriage returns and several data lines are read as the standard says', async () => {
  assert.deepEqual(await read('event: x\r\ndata: one\r\ndata: two\r\n\r\n'), [{ event: 'x', data: 'one\ntwo', id: '' }])
})
