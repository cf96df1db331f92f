import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { blockContact, findContactByExternalId } from '#domain/contacts/contacts.ts'
import { atomically } from '#platform/database/database.ts'
import { doorwayOf } from '#test/doorway.ts'
import { openHouse, type House } from '#test/house.ts'
import { signIn, type Vouched } from './sign-in.ts'
import { listSigningKeys, retireSigningKey } from './signing-keys.ts'

let house: House
before(async () => void (house = await openHouse()))
after(() => house.close())

/** A second transaction has ended, or waits for the first; SQLite lets no second one begin. */
async function endedOrWaiting(second: Promise<unknown>): Promise<void> {
  if (process.env['LATCHKEY_TEST_DATABASE'] !== 'postgres') return
  const ended = second.then(() => true)
  const waits = async () => {
    const { rows } = await sql<object>`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(house.db)
    return rows.length > 0
  }
  while (!(await Promise.race([ended, waits()]))) await sleep(5)
}

/** Signs in, and lets the other thing happen after that and before the commit. */
async function signInWhile(vouched: Vouched, other: () => Promise<unknown>): Promise<void> {
  const started = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const signing = atomically(house.db, async (db) => {
    await signIn(db, house.acme, vouched, doorwayOf(house))
    started.resolve()
    await mayCommit.promise
  })
  await started.promise
  const second = other()
  await endedOrWaiting(second)
  mayCommit.resolve()
  await Promise.all([signing, second])
}

const nobody = { signed: undefined, unsigned: undefined }
const sessionsOf = async (user_id: string) => {
  const contact = await findContactByExternalId(house.db, house.acme, user_id)
  return house.db
    .selectFrom('sessions')
    .select('id')
    .where('contact_id', '=', contact?.id ?? null)
    .execute()
}

test('a contact who is blocked while they sign in has no session left', async () => {
  const vouched = { who: { user_id: 'ben' }, ...nobody, key: null }
  await signIn(house.db, house.acme, vouched, doorwayOf(house))
  const ben = await findContactByExternalId(house.db, house.acme, 'ben')
  assert.ok(ben)

  await signInWhile(vouched, () => blockContact(house.db, house.acme, ben, house.now()))

  assert.deepEqual(await sessionsOf('ben'), [])
})

test('a key that is retired with its sessions while somebody signs in leaves no session behind', async () => {
  const [key] = await listSigningKeys(house.db, house.acme)
  assert.ok(key)

  await signInWhile({ who: { user_id: 'ada' }, ...nobody, key }, () =>
    retireSigningKey(house.db, house.acme, key.kid, { now: house.now(), endSessions: true }),
  )

  assert.deepEqual(await sessionsOf('ada'), [])
  const late = signIn(house.db, house.acme, { who: { user_id: 'ada' }, ...nobody, key }, doorwayOf(house))
  await assert.rejects(late, { code: 'user_jwt_key_retired' })
})
