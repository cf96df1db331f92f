import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { after, before, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { emptyDatabase } from '#test/empty-database.ts'
import { unnoticed } from './changes.ts'
import { atomically, onHearing, openDatabase, versionOf, type Db } from './database.ts'
import { migrate } from './migrate.ts'
import { prepared } from './prepared.ts'

const PATIENCE_MS = 30_000
/** The first byte of a notification: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const NOTIFICATION = 'A'.charCodeAt(0)

let empty: Awaited<ReturnType<typeof emptyDatabase>>
let other: Db
before(async () => {
  empty = await emptyDatabase()
  if (empty.kind === 'sqlite') return
  other = openDatabase(empty.address)
  await migrate(other, empty.kind)
  await sql`insert into workspaces (id, app_id, name, created_at) values (1, 'acme', 'Acme', 0)`.execute(other)
})
after(async () => {
  await other?.destroy()
  await empty.drop()
})

/** Promises of PostgreSQL alone: SQLite has no nodes. */
function onPostgres(title: string, run: (t: TestContext) => Promise<void>) {
  if (process.env['LATCHKEY_TEST_DATABASE'] === 'postgres') test(title, run)
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const patience = performance.now() + PATIENCE_MS
  while (!(await isTrue())) {
    assert.ok(performance.now() < patience, 'it never came')
    await sleep(5)
  }
}

let count = 0
const use = (on: Db) =>
  on
    .insertInto('used_tokens')
    .values({ workspace_id: 1 as never, replay_key: `key-${++count}`, expires_at: 0 })
    .execute()
const expire = (on: Db) => on.updateTable('used_tokens').set({ expires_at: ++count })

/** Of these changes alone, beside what is forgotten as time goes by: only a notification says which. */
const own = (db: Db, change: string) => versionOf(db, [change]) - versionOf(db, [])

async function openNode(t: TestContext, address = empty.address) {
  const node = openDatabase(address)
  t.after(() => node.destroy())
  await sql`select 1`.execute(node)
  const told: boolean[] = []
  onHearing(node, (hears) => told.push(hears))
  const hears = async () => {
    const before = own(node, '+used_tokens')
    await use(other)
    await sleep(20)
    return own(node, '+used_tokens') !== before
  }
  return { node, told, hears }
}

onPostgres(
  'what another node writes is heard by table, of a statement and of a transaction; what was undone or is unnoticed is not',
  async (t) => {
    const { node, hears } = await openNode(t)
    await until(hears)
    const changes = ['used_tokens', '+used_tokens', 'hosts', '+hosts']
    const heardOf = async (write: () => Promise<unknown>) => {
      const before = changes.map((change) => own(node, change))
      const mark = own(node, 'workspaces')
      await write()
      // Notifications come in the order of their commits, so after this one none is on its way.
      await other
        .updateTable('workspaces')
        .set({ name: `Acme ${++count}` })
        .execute()
      await until(() => own(node, 'workspaces') !== mark)
      return changes.filter((change, index) => own(node, change) !== before[index])
    }
    assert.deepEqual(await heardOf(() => use(other)), ['+used_tokens'])
    assert.deepEqual(await heardOf(() => expire(other).execute()), ['used_tokens'])
    assert.deepEqual(await heardOf(() => atomically(other, async (db) => Promise.all([use(db), expire(db).execute()]))), [
      'used_tokens',
      '+used_tokens',
    ])
    const undone = atomically(other, async (db) => {
      await use(db)
      throw new Error('no')
    })
    assert.deepEqual(await heardOf(() => assert.rejects(undone)), [])
    assert.deepEqual(await heardOf(() => expire(other).modifyEnd(unnoticed).execute()), [])
    assert.deepEqual(await heardOf(async () => undefined), [])
  },
)

onPostgres('raw SQL of another process makes everything forgotten', async (t) => {
  const { node, hears } = await openNode(t)
  await until(hears)
  const before = versionOf(node, [])
  await sql`delete from used_tokens`.execute(other)
  await until(() => versionOf(node, []) !== before)
  const again = versionOf(node, [])
  await atomically(other, (db) => sql`delete from used_tokens`.execute(db))
  await until(() => versionOf(node, []) !== again)
})

onPostgres('a listening connection that is lost is said once, everything is forgotten meanwhile, and it is made again', async (t) => {
  const { node, told, hears } = await openNode(t)
  await until(hears)
  const before = versionOf(node, [])
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where query like 'listen %' and datname = current_database()`.execute(other)
  await use(other)
  await until(() => versionOf(node, []) !== before)
  await until(() => told.length >= 2)
  assert.deepEqual(told, [false, true])
  await until(hears)
})

onPostgres('a node that gets no notifications goes on without them, and says so once', async (t) => {
  const proxy = await startProxy(t, empty.address)
  proxy.isDeaf = true
  const { node, told, hears } = await openNode(t, proxy.address)
  const before = versionOf(node, [])
  await use(node)
  await until(() => told.length > 0)
  await until(() => versionOf(node, []) !== before)
  const later = versionOf(node, [])
  await until(() => versionOf(node, []) !== later)
  assert.deepEqual(told, [false])
  proxy.isDeaf = false
  await until(() => told.length > 1)
  assert.deepEqual(told, [false, true])
  await until(hears)
})

onPostgres('a listening connection that hangs is not trusted: what another node writes is seen all the same', async (t) => {
  const proxy = await startProxy(t, empty.address)
  const { node, told, hears } = await openNode(t, proxy.address)
  await until(hears)
  proxy.isDeaf = true
  const before = versionOf(node, [])
  await use(other)
  await until(() => versionOf(node, []) !== before)
  await until(() => told.includes(false))
})

onPostgres('a query that was prepared before another node’s migration is answered after it', async (t) => {
  const { node, hears } = await openNode(t)
  await until(hears)
  await use(other)
  const readAll = prepared((db, { id }: { id: number }) =>
    db
      .selectFrom('used_tokens')
      .selectAll()
      .where('workspace_id', '=', id as never),
  )
  const isKept = async () => {
    await readAll(node, { id: 1 })
    return (await sql`select 1 from pg_prepared_statements where statement like '%used_tokens%'`.execute(node)).rows.length > 0
  }
  await until(isKept)
  const before = await readAll(node, { id: 1 })
  await sql`alter table used_tokens add column news text`.execute(other)
  const after = await readAll(node, { id: 1 })
  assert.deepEqual(
    after,
    before.map((row) => ({ ...row, news: null })),
  )
  assert.deepEqual(await atomically(node, (db) => readAll(db, { id: 1 })), after)
})

/** Between a node and PostgreSQL; while it is deaf it keeps notifications to itself. */
async function startProxy(t: TestContext, address: string) {
  const to = new URL(address)
  const proxy = { address: '', isDeaf: false }
  const server: Server = createServer((socket) => {
    const upstream = connect(Number(to.port), to.hostname)
    socket.pipe(upstream)
    upstream.on('data', (data) => {
      if (!(proxy.isDeaf && data[0] === NOTIFICATION)) socket.write(data)
    })
    upstream.on('close', () => socket.destroy()).on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy()).on('error', () => upstream.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(address)
  url.port = String((server.address() as AddressInfo).port)
  proxy.address = url.href
  t.after(() => void server.close())
  return proxy
}
