import { randomBytes } from 'node:crypto'
import { compare, fire, type Request } from './load.ts'
import { writeBare, type Statement } from './bare-writes.ts'
import { pace } from './pace.ts'
import { bootOf, onEachDatabase, signInPeople, startTwin, type Place } from './place.ts'
import { atMost, compared, type Bench, type Result } from './result.ts'

const NEW_PEOPLE = 60_000
const SIGNED_IN = 500

export const bench: Bench = () => onEachDatabase(async (place) => [...(await firstBoots(place)), ...(await repeatBoots(place))])

/** Every request is another person's, with a token signed beforehand. */
async function firstBoots(place: Place): Promise<Result[]> {
  const { database, url, address } = place
  const boots = Array.from({ length: NEW_PEOPLE }, (_, index) => bootOf(place, `new-${index}`)).values()
  const next = (): Request => {
    const { value, done } = boots.next()
    if (done) throw new Error(`${NEW_PEOPLE} tokens were too few.`)
    return value
  }
  const target = { url, requests: next }
  const comparison = await compare(
    fire(target),
    writeBare(address, () => newPerson(place)),
  )
  const half = comparison.ours.perSecond / 2
  const twin = await startTwin(place, next())
  const paced = await compare(pace(target, half), pace({ ...target, url: twin.url }, half), { by: 'p99', rounds: 5 })
  twin.stop()
  return [
    compared(`first boot · ${database}`, comparison, { share: 0.5, of: 'the same writes by a bare loop' }),
    atMost(`first boot, p99 at ${Math.round(half)} per second · ${database}`, 'ms', {
      ours: paced.ours.p99,
      baseline: paced.baseline.p99,
      most: 10,
    }),
  ]
}

/** The rows a first boot leaves that must be durable: the contact and the session. */
function newPerson({ workspace }: Place): Statement[] {
  const id = randomBytes(12).toString('hex')
  const now = Date.now()
  return [
    {
      sql: `insert into contacts (id, workspace_id, role, external_id, email, email_source, name, name_source, last_seen_at, created_at, updated_at)
        values (?, ?, 'user', ?, ?, 'token', ?, 'token', ?, ?, ?)`,
      values: [id, workspace.id, `bare-${id}`, `${id}@example.com`, `Person ${id}`, now, now, now],
    },
    {
      sql: `insert into sessions (workspace_id, secret_hash, kind, contact_id, visitor_id, claims_digest, device, platform, door, signing_key_id, duration_ms, created_at, last_seen_at, expires_at, ends_at)
        values (?, ?, 'user', ?, ?, ?, 'Unknown device', 'web', 'boot', 1, 604800000, ?, ?, ?, ?)`,
      values: [workspace.id, `hash-${id}-${id}`, id, id, `digest-${id}-${id}`, now, now, now + 604_800_000, now + 2_592_000_000],
    },
  ]
}

/** The session stands and the token says nothing new; then the smallest answer that needs the session. */
async function repeatBoots(place: Place): Promise<Result[]> {
  const { database, url, headers } = place
  const people = await signInPeople(place, SIGNED_IN)
  const boots = people.map(({ boot }) => boot)
  const lookUps = people.map(({ cookie }): Request => ({ path: '/messenger/conversations', headers: { ...headers, cookie } }))
  const results: Result[] = []
  for (const [name, requests, share] of [
    ['repeat boot', boots, 0.5],
    ['session look-up', lookUps, 0],
  ] as const) {
    const [sample] = requests
    if (!sample) throw new Error('Nobody is signed in.')
    const twin = await startTwin(place, sample)
    const comparison = await compare(fire({ url, requests }), fire({ url: twin.url, requests }))
    twin.stop()
    results.push(compared(`${name} · ${database}`, comparison, { share, of: 'bare node:http' }))
  }
  return results
}
