import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hashOf } from '#platform/ids/ids.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const ask = (host: string, headers: Record<string, string> = {}, asked = host) =>
  house.app.inject({ url: `/login/probe?host=${asked}`, headers: { host, ...headers } })

test('a probe says what of its request arrived, and nothing else', async () => {
  const first = await ask('help.acme.test', { origin: 'https://app.acme.test' })
  const [, value = ''] =
    /^__Host-latchkey-probe=([\w-]+); Path=\/; Max-Age=60; HttpOnly; SameSite=Lax; Secure$/.exec(String(first.headers['set-cookie'])) ?? []
  assert.deepEqual(first.json().cookie, { name: '__Host-latchkey-probe', set: hashOf(value), received: null })
  assert.deepEqual(
    [first.json().origin, first.json().host_matches, first.json().origin_header_arrived],
    ['https://help.acme.test', true, true],
  )
  assert.equal(first.headers['cache-control'], 'private, no-store')
  const second = await ask('help.acme.test', { cookie: `__Host-latchkey-probe=${value}` })
  assert.deepEqual(second.json().cookie, { name: '__Host-latchkey-probe', set: null, received: hashOf(value) })
  assert.notEqual(second.json().nonce, first.json().nonce)
  assert.ok(!second.body.includes(value))
})

test('under a host of nobody it says so, and repeats no name', async () => {
  const answer = await ask('inner-name:4000', {}, 'help.acme.test')
  assert.equal(answer.statusCode, 421)
  assert.deepEqual([answer.json().origin, answer.json().host_matches], [null, false])
  assert.equal(answer.headers['set-cookie'], undefined)
  assert.ok(!answer.body.includes('inner-name'))
})

test('it writes nothing, and is limited', async () => {
  assert.deepEqual(await house.db.selectFrom('probes').selectAll().execute(), [])
  const answers = await Promise.all(Array.from({ length: 125 }, () => ask('help.acme.test')))
  assert.ok(answers.some(({ statusCode }) => statusCode === 429))
})
