import { setTimeout as sleep } from 'node:timers/promises'
import { listTeammates } from '#domain/teammates/teammates.ts'
import { startBareServer } from './bare-server.ts'
import { openAsker } from './ask.ts'
import { CONNECTIONS, summarise, type Request } from './load.ts'
import { openStream, refuseTooFewFiles, startCrowd } from './open-streams.ts'
import { onEachDatabase, signInPeople, type Person, type Place } from './place.ts'
import { atMost, type Bench, type Result } from './result.ts'

const WATCHED = 20
const WARM = 60
const MESSAGES = 400
const PAUSE_MS = 10
const BUSY = 2000
const MOST_OPEN = 5000
const REST_MS = 5000
const PATIENCE_MS = 10_000

/** A conversation whose contact has it on the screen. */
interface Screen {
  id: string
  cookie: string
  changed: () => void
}

/** How soon a teammate's words are in the contact's browser, and what open streams take. Drawing them is not counted. */
export const bench: Bench = () => {
  refuseTooFewFiles(MOST_OPEN + WATCHED)
  return onEachDatabase(measureStreams)
}

async function measureStreams(place: Place): Promise<Result[]> {
  const people = await signInPeople(place, WATCHED + MOST_OPEN)
  const screens = await Promise.all(people.slice(0, WATCHED).map((person) => watch(place, person)))
  const others = people.slice(WATCHED).map(({ cookie }) => streamOf(place, cookie))
  const noise = await roundTrips()
  const crowd = startCrowd(place.url)
  try {
    await measureMessages(place, screens, WARM)
    const idle = await measureMessages(place, screens)
    await crowd.open(others.slice(0, BUSY))
    const busy = await measureMessages(place, screens)
    await crowd.open(others.slice(BUSY))
    await sleep(REST_MS)
    const memory = place.server.memoryMb()
    const name = 'message on the other side, p99'
    return [
      atMost(`${name}, no other stream · ${place.database}`, 'ms', { ours: idle.p99, baseline: noise, most: 25 }),
      atMost(`${name}, ${BUSY} streams · ${place.database}`, 'ms', { ours: busy.p99, baseline: noise, most: 100 }),
      atMost(`memory with ${MOST_OPEN} streams · ${place.database}`, 'MB', { ours: memory, most: 400 }),
    ]
  } finally {
    crowd.close()
  }
}

async function watch(place: Place, { cookie }: Person): Promise<Screen> {
  const { body } = await place.ask({
    ...{ method: 'POST', path: '/messenger/conversations', headers: { ...asJson(place), cookie } },
    body: JSON.stringify({ client_id: crypto.randomUUID(), body: 'Good morning! I cannot find last month’s invoice.' }),
  })
  const { conversation } = JSON.parse(body.toString()) as { conversation: { id: string } }
  const screen: Screen = { id: conversation.id, cookie, changed: () => {} }
  await openStream(place.url, streamOf(place, cookie), (event) => event === 'change' && screen.changed())
  return screen
}

/** One after the other: the teammate sends, the stream says so, the words are fetched as the frame fetches them. */
async function measureMessages(place: Place, screens: readonly Screen[], messages = MESSAGES) {
  const [teammate] = await listTeammates(place.db, place.workspace)
  const latencies: number[] = []
  const started = performance.now()
  for (let sent = 0; sent < messages; sent++) {
    const screen = screens[sent % screens.length]
    if (!screen || !teammate) throw new Error('Nobody is there.')
    const begun = performance.now()
    const told = new Promise<void>((resolve) => (screen.changed = resolve))
    const words = `${sent} ${crypto.randomUUID()}`
    const sending = place.ask(replyOf(place, screen, { admin_id: teammate.id, words }))
    await inTime(told)
    const { body } = await place.ask({
      path: `/messenger/conversations/${screen.id}`,
      headers: { ...place.headers, cookie: screen.cookie },
    })
    latencies.push(performance.now() - begun)
    if (!body.includes(words)) throw new Error('The stream spoke of a message that cannot be read.')
    await sending
    await sleep(PAUSE_MS)
  }
  return summarise(latencies, (performance.now() - started) / 1000)
}

function replyOf({ teamHost, tenant }: Place, { id }: Screen, { admin_id, words }: { admin_id: number; words: string }): Request {
  return {
    ...{ method: 'POST', path: `/conversations/${id}/reply` },
    headers: { host: teamHost, authorization: `Bearer ${tenant.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'admin', message_type: 'comment', admin_id: String(admin_id), body: words }),
  }
}

/** What this machine takes for as many requests of a bare server, as calmly asked: its p99 is nobody's fault. */
async function roundTrips(): Promise<number> {
  const bare = await startBareServer({ status: 200, headers: {}, body: '' })
  const { ask, close } = openAsker(bare.url, CONNECTIONS)
  const latencies: number[] = []
  for (let asked = 0; asked < MESSAGES; asked++) {
    const begun = performance.now()
    await Promise.all([ask({ path: '/' }), ask({ path: '/' })])
    latencies.push(performance.now() - begun)
    await sleep(PAUSE_MS)
  }
  close()
  bare.stop()
  return summarise(latencies, 1).p99
}

const asJson = ({ headers }: Place) => ({ ...headers, 'content-type': 'application/json' })

const streamOf = ({ headers }: Place, cookie: string): Request => ({ path: '/messenger/stream', headers: { ...headers, cookie } })

async function inTime(told: Promise<void>): Promise<void> {
  const late = new AbortController()
  const patience = sleep(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('The message did not arrive.')
  })
  try {
    await Promise.race([told, patience])
  } finally {
    late.abort()
    patience.catch(() => {})
  }
}
