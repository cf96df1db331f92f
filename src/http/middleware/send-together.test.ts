import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { atomically, databaseKind } from '#platform/database/database.ts'
import { openHouse, type House } from '#test/house.ts'
import { sendTogether } from './send-together.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.change({ login_url: 'https://app.acme.test/login', portal_on: 1 })
  await house.app.listen({ host: '127.0.0.1', port: 0 })
})
after(() => house.close())

const isConnected = () => new Promise((resolve) => house.app.server.getConnections((_error, count) => resolve(count > 0)))

test('a reader who is gone before the page that asks them to sign in harms nobody else', async () => {
  await house.get('/tickets')
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const lock = databaseKind(house.address) === 'postgres' ? 'lock table signed_out_sessions in access exclusive mode' : 'select 1'
  const holding = atomically(house.db, async (db) => {
    await sql.raw(lock).execute(db)
    held.resolve()
    await release.promise
  })
  await held.promise
  const { port } = house.app.server.address() as AddressInfo
  const reader = connect(port, '127.0.0.1')
  const headers = {
    host: 'help.acme.test',
    cookie: '__Host-latchkey-paused=unknown',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  reader.write(`GET /tickets HTTP/1.1\r\n${lines.join('')}\r\n`)
  while (!(await isConnected())) await sleep(5)
  await sleep(50)
  reader.resetAndDestroy()
  while (await isConnected()) await sleep(5)
  release.resolve()
  await holding
  await sleep(50)
  assert.equal((await house.get('/tickets')).statusCode, 401)
})

test('an answer that cannot be written keeps no other from going', async () => {
  const told: unknown[] = []
  const broken = new Error('broken')
  const all = Promise.withResolvers<void>()
  const unexpected = () => assert.fail()
  const send = () => {
    throw broken
  }
  sendTogether(send, (error) => told.push(error))
  sendTogether(() => told.push('sent'), unexpected)
  sendTogether(all.resolve, unexpected)
  await all.promise
  assert.deepEqual(told, [broken, 'sent'])
})
