import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure } from '#errors'
import type { SessionId } from '#db/columns.ts'
import { blockContact, unblockContact, type Contact } from '#domain/contacts/contacts.ts'
import { signIn, type Doorway } from '#domain/identity/sign-in.ts'
import { createSecret, retireSigningKey } from '#domain/identity/signing-keys.ts'
import { doorwayOf } from '#test/doorway.ts'
import { openHouse, type House } from '#test/house.ts'
import { endMessengerSessions } from './messenger-sessions.ts'
import { endOtherSessions } from './own-sessions.ts'
import { endSession, endSessionsOfContact, pruneSessions, slideSessions, type Session } from './sessions.ts'
import { startSession } from './start-session.ts'
import { forgetSignOut, signOut } from './sign-outs.ts'

const PEOPLE = ['ada', 'ben']
const DEVICES = 6
const ROUNDS = 8
const AT_ONCE = 40

let house: House
before(async () => void (house = await openHouse()))
after(() => house.close())

interface Person {
  user_id: string
  contact: Contact
  /** The first session of each device, then what was handed over from them. */
  sessions: Session[]
  secrets: string[]
}

const sign = (user_id: string, standing: Doorway['standing'] = null) =>
  signIn(house.db, house.acme, { who: { user_id }, signed: undefined, unsigned: undefined, key: null }, doorwayOf(house, standing))

/** Signed in on some devices, and from each handed over to two hosts; the rows lie as after some use, not by their age. */
async function settle(user_id: string, key_id: Session['signing_key_id']): Promise<Person> {
  const { contact } = await sign(user_id)
  const sessions: Session[] = []
  const secrets: string[] = []
  const start = async (parent_session_id?: SessionId) => {
    const row = { kind: 'user', contact_id: contact.id, device: 'Firefox on Linux', platform: 'web', door: 'boot' } as const
    const key = parent_session_id === undefined ? key_id : null
    const { session, secret } = await startSession(
      house.db,
      house.acme,
      { ...row, host: house.tenants.acme.host, parent_session_id, signing_key_id: key },
      house.now(),
    )
    sessions.push(session)
    secrets.push(secret)
  }
  for (let device = 0; device < DEVICES; device += 1) await start()
  for (const { id } of [...sessions, ...sessions]) await start(id)
  for (const id of idsOf(sessions)) await slideSessions(house.db, [id], house.now())
  return { user_id, contact, sessions, secrets }
}

function shuffled<T>(items: readonly T[]): T[] {
  const placed = items.map((item) => ({ item, place: Math.random() }))
  return placed.toSorted((a, b) => a.place - b.place).map(({ item }) => item)
}

const idsOf = (sessions: readonly Session[]) => shuffled(sessions).map(({ id }) => id)

/** What may come to sessions of several people at any time. */
function happenings(people: Person[], kid: string): (() => Promise<unknown>)[] {
  const { db, acme } = house
  const now = house.now()
  const all = people.flatMap(({ sessions }) => sessions)
  return people.flatMap(({ user_id, contact, sessions, secrets }) => {
    const roots = sessions.slice(0, DEVICES)
    const [one, other] = shuffled(roots)
    assert.ok(one && other)
    return [
      () => signOut(db, acme, { roots: idsOf(roots).slice(2) }, now),
      () => endOtherSessions(db, acme, { contact_id: contact.id, kept: one.id }, now),
      () => endMessengerSessions(db, acme, one, now),
      () => endSession(db, acme, other.id),
      () => endSessionsOfContact(db, acme, contact.id),
      () => sign(user_id),
      () => sign(user_id === 'ada' ? 'ben' : 'ada', { ...other, contact }),
      () => slideSessions(db, idsOf(all), now),
      () => slideSessions(db, idsOf(sessions.slice(DEVICES)), now),
      () => pruneSessions(db, now),
      () => forgetSignOut(db, acme, shuffled(secrets)),
      () => retireSigningKey(db, acme, kid, { now, endSessions: true }),
      () => blockContact(db, acme, contact, now).then(() => unblockContact(db, acme, contact, now)),
    ]
  })
}

test('however many sign-outs, revocations and sign-ins meet in the same sessions, each of them happens', async () => {
  const errors: unknown[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { row } = await createSecret(house.db, house.encryption, house.acme, { name: `round ${round}`, now: house.now() })
    const people = []
    for (const user_id of PEOPLE) people.push(await settle(user_id, row.id))
    const kinds = happenings(people, row.kid)
    const crowd = shuffled(Array.from({ length: AT_ONCE }, (_, index) => kinds[index % kinds.length] ?? assert.fail()))
    const attempts = crowd.map((happen) => happen().catch((error: unknown) => errors.push(error)))
    await Promise.all(attempts)
    for (const { contact } of people) await endSessionsOfContact(house.db, house.acme, contact.id)
  }
  // A refusal is an answer: blocked just now, or the key is retired.
  assert.deepEqual(
    errors.filter((error) => !(error instanceof Failure)),
    [],
  )
  assert.deepEqual(await house.db.selectFrom('sessions').select('id').execute(), [])
})
