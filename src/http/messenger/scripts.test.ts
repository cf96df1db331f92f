import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openHouse, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

test('the loader comes under both addresses, compressed and revalidated, for pages of any origin', async () => {
  const plain = await house.get('/messenger.js')
  const original = await house.get('/widget/acme', { headers: { 'accept-encoding': 'br' } })
  assert.equal(original.headers['etag'], plain.headers['etag'])
  assert.equal(original.headers['content-encoding'], 'br')
  assert.equal(plain.headers['cross-origin-resource-policy'], 'cross-origin')
  assert.equal(plain.headers['cache-control'], 'public, max-age=300')
  assert.equal((await house.get('/messenger.js', { headers: { 'if-none-match': String(plain.headers['etag']) } })).statusCode, 304)
})

test('this build has an address with its hash, kept for ever and readable by pages of any origin, and no other build has one', async () => {
  const { body } = await house.get('/messenger.js')
  const path = (bytes: string) => `/messenger-${hash('sha256', bytes, 'base64url').slice(0, 22)}.js`
  const pinned = await house.get(path(body))
  assert.deepEqual([pinned.statusCode, pinned.body], [200, body])
  assert.match(String(pinned.headers['cache-control']), /^public, .*immutable$/)
  assert.equal(pinned.headers['access-control-allow-origin'], '*')
  assert.equal((await house.get(path(`${body} `))).statusCode, 404)
})

test('another workspace’s app_id gets no loader, and its text is not repeated', async () => {
  const response = await house.get('/widget/globex')
  assert.equal(response.statusCode, 404)
  assert.doesNotMatch(response.body, /globex/)
})

test('the frame may be framed by the host and its listed origins alone, and runs only its own files', async () => {
  const response = await house.get('/messenger/frame')
  const policy = String(response.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/)
  assert.match(policy, /frame-ancestors https:\/\/help\.acme\.test https:\/\/app\.acme\.test$/)
  const files = [...response.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => String(match[1]))
  assert.ok(files.length >= 2)
  for (const file of files) assert.match(String((await house.get(file)).headers['cache-control']), /immutable/)
})
