import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { doorwayOf } from '#test/doorway.ts'
import { openHouse, type House } from '#test/house.ts'
import { readClaims } from './claims.ts'
import { signIn, type Vouched } from './sign-in.ts'
import { takeToken } from './used-tokens.ts'

let house: House
before(async () => void (house = await openHouse()))
after(() => house.close())

const claims = (said: object) => readClaims(new Map(Object.entries(said)))
const useOf = (replay_key: string) => ({ replay_key, replayable_until: house.now() + 60_000 })
const newKey = async () => (await createSecret(house.db, house.encryption, house.acme, { name: 'k', now: house.now() })).row
const enter = (user_id: string, vouched: Partial<Vouched>) =>
  signIn(house.db, house.acme, { who: { user_id }, signed: claims({}), unsigned: undefined, key: null, ...vouched }, doorwayOf(house))

async function leftOf(user_id: string) {
  const contacts = await house.db.selectFrom('contacts').select('id').where('external_id', '=', user_id).execute()
  const ids = contacts.map(({ id }) => id)
  const sessions = ids.length > 0 ? await house.db.selectFrom('sessions').select('id').where('contact_id', 'in', ids).execute() : []
  return [contacts.length, sessions.length]
}

test('somebody new has a contact with what was said, and a session like any other', async () => {
  const key = await newKey()
  const { contact, session, secret } = await enter('new-1', {
    key,
    signed: claims({ email: 'n@example.com', name: 'Nova' }),
    unused: useOf('n1'),
  })
  const row = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'new-1').executeTakeFirstOrThrow()
  assert.deepEqual({ ...row }, contact)
  assert.deepEqual([row.email, row.email_source, row.name, row.role], ['n@example.com', 'token', 'Nova', 'user'])
  const stored = await house.db.selectFrom('sessions').selectAll().where('id', '=', session.id).executeTakeFirstOrThrow()
  assert.deepEqual({ ...stored }, session)
  assert.equal(stored.signing_key_id, key.id)
  assert.match(secret ?? '', /^[\w-]{43}$/)
})

test('many first boots of one person at once make one contact, and a session each', async () => {
  const key = await newKey()
  const entered = await Promise.all(Array.from({ length: 12 }, (_, index) => enter('new-2', { key, unused: useOf(`m${index}`) })))
  assert.equal(new Set(entered.map(({ contact }) => contact.id)).size, 1)
  assert.deepEqual(await leftOf('new-2'), [1, 12])
})

test('a token that was used up lets nobody new in, and leaves nothing', async () => {
  const key = await newKey()
  await takeToken(house.db, house.acme, useOf('used'))
  await assert.rejects(enter('new-3', { key, unused: useOf('used') }), { code: 'user_jwt_already_used' })
  assert.deepEqual(await leftOf('new-3'), [0, 0])
})

test('another workspace’s used token does not count', async () => {
  await takeToken(house.db, house.globex, useOf('elsewhere'))
  await enter('new-4', { key: await newKey(), unused: useOf('elsewhere') })
  assert.deepEqual(await leftOf('new-4'), [1, 1])
})

test('a key that was retired lets nobody new in, and leaves nothing', async () => {
  const key = await newKey()
  await retireSigningKey(house.db, house.acme, key.kid, { now: house.now(), endSessions: true })
  await assert.rejects(enter('new-5', { key }), { code: 'user_jwt_key_retired' })
  assert.deepEqual(await leftOf('new-5'), [0, 0])
})

test('a key that is retired with its sessions while many come in leaves no session behind', async () => {
  const key = await newKey()
  const entering = Array.from({ length: 30 }, (_, index) => enter(`late-${index}`, { key, unused: useOf(`l${index}`) }))
  await Promise.allSettled([...entering, retireSigningKey(house.db, house.acme, key.kid, { now: house.now(), endSessions: true })])
  const left = await house.db.selectFrom('sessions').select('id').where('signing_key_id', '=', key.id).execute()
  assert.deepEqual(left, [])
})
