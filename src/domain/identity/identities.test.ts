import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ada } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { findOrCreateIdentity, OUR_MAIL } from './identities.ts'

const issuer = 'https://id.engines.test'
let house: House
before(async () => void (house = await openHouse()))
after(() => house.close())

const countContacts = async () => (await house.db.selectFrom('contacts').select('id').execute()).length

test('an issuer’s subject is one contact for ever: a user who has no user_id', async () => {
  const first = await findOrCreateIdentity(house.db, house.acme, { issuer, subject: 'ada' }, house.now())
  const again = await findOrCreateIdentity(house.db, house.acme, { issuer, subject: 'ada' }, house.now())
  assert.deepEqual([again.id, first.role, first.external_id, first.email], [first.id, 'user', null, null])
})

test('an address that answered our mail is a lead with that address', async () => {
  const lead = await findOrCreateIdentity(house.db, house.acme, { issuer: OUR_MAIL, subject: 'grace@navy.test' }, house.now())
  assert.deepEqual([lead.role, lead.email, lead.email_source], ['lead', 'grace@navy.test', 'mail'])
})

test('the same subject of another issuer or in another workspace, and a user_id of that name, are other people', async () => {
  await house.browser().boot(ada)
  const ids = await Promise.all([
    findOrCreateIdentity(house.db, house.acme, { issuer, subject: 'ada' }, house.now()),
    findOrCreateIdentity(house.db, house.acme, { issuer: 'https://other.test', subject: 'ada' }, house.now()),
    findOrCreateIdentity(house.db, house.acme, { issuer: OUR_MAIL, subject: ada.email }, house.now()),
    findOrCreateIdentity(house.db, house.globex, { issuer, subject: 'ada' }, house.now()),
  ])
  const user = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'ada').executeTakeFirstOrThrow()
  assert.equal(new Set([user.id, ...ids.map(({ id }) => id)]).size, 5)
})

test('of two first sign-ins at once both are the same contact, and no other is left', async () => {
  const before = await countContacts()
  const both = await Promise.all([1, 2, 3].map(() => findOrCreateIdentity(house.db, house.acme, { issuer, subject: 'race' }, house.now())))
  assert.equal(new Set(both.map(({ id }) => id)).size, 1)
  assert.equal(await countContacts(), before + 1)
})
