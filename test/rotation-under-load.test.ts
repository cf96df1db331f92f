import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findFreePort, startServerProcess, type ServerProcess } from '#bin/server-process.ts'
import { signJwt } from '#test/cast.ts'
import { emptyDatabase } from '#test/empty-database.ts'

const BOOTS_PER_SECOND = 50
const PHASE_MS = 2000
const DEAD_WITHIN_MS = 10_000
const HELP = 'help.acme.test'
const ORIGIN = 'https://app.acme.test'
const run = promisify(execFile)

interface Key {
  kid: string
  secret: string
}

test('a key is rotated under load: no boot fails, the retired key is dead on every server, and what it signed in is signed out', async (t) => {
  const place = await openPlace()
  t.after(place.close)
  const old = await place.setUp()
  const load = startLoad(place.ports, place.appId, [old])
  await sleep(PHASE_MS)

  // Rolled out at once: the new key counts on every server from its first token.
  const young = await place.addKey()
  load.signWith([old, young])
  await sleep(PHASE_MS)
  load.signWith([young])
  await sleep(PHASE_MS)
  const leaving = await Promise.all(place.ports.map((port) => openStream(port, place.appId, old)))
  await load.settled()
  await place.retire(old)
  const untilDead = await Promise.all(place.ports.map((port) => refusedWithin(port, place.appId, old)))
  const ends = await Promise.all(leaving.map(({ end }) => Promise.race([end, sleep(DEAD_WITHIN_MS, 'still open', { ref: false })])))
  await sleep(PHASE_MS)
  const { sent, faults } = await load.stop()

  assert.deepEqual(faults, [])
  assert.ok(sent > (BOOTS_PER_SECOND * PHASE_MS * 3) / 1000, `only ${sent} boots`)
  assert.deepEqual(
    untilDead,
    place.ports.map(() => true),
  )
  assert.deepEqual(
    ends,
    place.ports.map(() => 'event: session_ended'),
  )
  for (const [index, { cookie }] of leaving.entries()) {
    const answer = await boot(place.ports[index] ?? 0, { app_id: place.appId }, cookie)
    assert.match(answer.body, /"role":"visitor"/)
  }
})

/** Two servers over one PostgreSQL, or one over SQLite, and the command line beside them. */
async function openPlace() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rotation-'))
  const { address, kind, drop } = await emptyDatabase(join(folder, 'latchkey.db'))
  const environment: Record<string, string> = {
    LATCHKEY_DATA: folder,
    LATCHKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
    LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000',
    ...(kind === 'postgres' && { DATABASE_URL: address }),
  }
  const command = join(import.meta.dirname, '../bin/latchkey.js')
  const latchkey = async (...words: string[]) => {
    const { stdout } = await run(process.execPath, [command, ...words], { env: { PATH: process.env['PATH'], ...environment } })
    return stdout
  }
  const servers: ServerProcess[] = []
  const place = {
    ports: [] as number[],
    appId: '',
    async setUp(): Promise<Key> {
      const out = await latchkey('setup', 'Acme', '--host', `https://${HELP}`, '--origin', ORIGIN)
      place.appId = find(/app_id +(\S+)/, out)
      for (let count = kind === 'postgres' ? 2 : 1; count > 0; count--) {
        const port = await findFreePort()
        servers.push(await startServerProcess({ ...environment, PORT: String(port) }))
        place.ports.push(port)
      }
      return { kid: find(/its kid +(\S+)/, out), secret: find(/messenger secret +(\S+)/, out) }
    },
    async addKey(): Promise<Key> {
      const out = await latchkey('key', 'add', place.appId, '--name', 'second')
      return { kid: find(/kid +(\S+)/, out), secret: find(/secret +(\S+)/, out) }
    },
    retire: ({ kid }: Key) => latchkey('key', 'retire', place.appId, kid, '--end-sessions'),
    async close() {
      await Promise.all(servers.map((server) => server.stop()))
      await drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return place
}

/** Boots at an even pace, whatever the answers take, in turn on each server and with each of the keys that sign just now. */
function startLoad(ports: readonly number[], appId: string, first: Key[]) {
  const faults: string[] = []
  const running = new Set<Promise<void>>()
  let keys = first
  let sent = 0
  const one = async (count: number) => {
    const [port = 0, key = first[0]] = [ports[count % ports.length], keys[Math.floor(count / ports.length) % keys.length]]
    const answer = await boot(port, { app_id: appId, intercom_user_jwt: tokenOf(`user-${count % 40}`, key) }).catch(String)
    if (typeof answer === 'string' || answer.status !== 200)
      faults.push(typeof answer === 'string' ? answer : `${answer.status} ${answer.body}`)
  }
  const pace = setInterval(() => {
    const boot = one(sent++).finally(() => running.delete(boot))
    running.add(boot)
  }, 1000 / BOOTS_PER_SECOND)
  const settled = async () => void (await Promise.all(running))
  return {
    signWith: (next: Key[]) => void (keys = next),
    /** When every boot that was sent so far is answered. */
    settled,
    async stop() {
      clearInterval(pace)
      await settled()
      return { sent, faults }
    },
  }
}

/** Who the old key signed in, with their stream open; `end` is the last event of the stream. */
async function openStream(port: number, appId: string, key: Key) {
  const { headers } = await boot(port, { app_id: appId, intercom_user_jwt: tokenOf('leaving', key) })
  const cookie = /^[^;]+/.exec([headers['set-cookie'] ?? []].flat()[0] ?? '')?.[0] ?? assert.fail('No cookie was set.')
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const { promise: end, resolve, reject } = Promise.withResolvers<string>()
  const asked = request({ port, path: '/messenger/stream', headers: { host: HELP, origin: ORIGIN, cookie } }, (response) => {
    let events = ''
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      events += text
      open()
    })
    response.on('end', () => resolve([...events.matchAll(/^event: .+$/gm)].at(-1)?.[0] ?? 'no event'))
  })
  asked.on('error', reject).end()
  await opened
  return { cookie, end }
}

async function refusedWithin(port: number, appId: string, key: Key): Promise<boolean> {
  for (const deadline = Date.now() + DEAD_WITHIN_MS; Date.now() < deadline; await sleep(50)) {
    const { status } = await boot(port, { app_id: appId, intercom_user_jwt: tokenOf('late', key) })
    if (status === 401) return true
  }
  return false
}

function tokenOf(user_id: string, { kid, secret }: Key = { kid: '', secret: '' }): string {
  const payload = { user_id, exp: Math.floor(Date.now() / 1000) + 120 }
  return signJwt(payload, secret, { header: { alg: 'HS256', kid } })
}

const agent = new Agent({ keepAlive: true })

function boot(
  port: number,
  body: object,
  cookie?: string,
): Promise<{ status: number; headers: Record<string, unknown> & { 'set-cookie'?: string[] }; body: string }> {
  const headers = { host: HELP, origin: ORIGIN, 'content-type': 'application/json', ...(cookie && { cookie }) }
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof boot>>>()
  const asked = request({ agent, port, method: 'POST', path: '/messenger/boot', headers }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (text += chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers as { 'set-cookie'?: string[] }, body: text }),
    )
  })
  asked.on('error', reject).end(JSON.stringify(body))
  return promise
}

function find(what: RegExp, text: string): string {
  return what.exec(text)?.[1] ?? assert.fail(`${what} is not in ${text}`)
}
