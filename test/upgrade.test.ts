import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { sql } from 'kysely'
import { createApp } from '#app'
import { readConfig } from '#config'
import type { App } from '#http/app-types.ts'
import { openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { signJwt } from '#test/cast.ts'
import { emptyDatabase, type EmptyDatabase } from '#test/empty-database.ts'
import { teamBrowser } from '#test/team.ts'

const RELEASED = '0025'
const WRITTEN = 1_767_603_600_000
const now = WRITTEN + 3_600_000
/** Of the rows in rows-of-0025.sql. */
const INSTALLATION_KEY = Buffer.alloc(32, 7)
const SECRET = 'h6Pm7bb9rvx80fG1VruVkroW02qieFJ5cvuPnvk_3L4'
const ADA = '__Host-latchkey=JZT74uh-MmXkVdwzlrbqhwDJBLz0J0Ue0D6dV0KtpUA'
const ADA_AT_DOCS = '__Host-latchkey=LBzN7roCyIqzpG7SZg97qAH3B18ddNZU6_h6uz7a7z0'
const VISITOR = '__Host-latchkey=q89n1PFepOb0S5_0QS0EIMT5Bbg5e53te9yCRpB0LGs'
const GRACE = 'grace-at-work'

let empty: EmptyDatabase
let db: Db
let app: App
let applied: string[]
before(async () => {
  empty = await emptyDatabase()
  db = openDatabase(empty.address)
  await migrateToRelease()
  await insertRows()
  applied = await migrate(db, empty.kind)
  const config = readConfig({ LATCHKEY_TEAM_URL: 'https://latchkey.test', LATCHKEY_LOG: 'silent' })
  app = await createApp({ db, config, encryptionKey: INSTALLATION_KEY, now: () => now, findTxt: async () => [] })
})
after(async () => {
  await app.close()
  await db.destroy()
  await empty.drop()
})

/** Those that came later count as applied meanwhile. */
async function migrateToRelease() {
  const later = readdirSync(join(import.meta.dirname, '../db/migrations')).filter((name) => name.slice(0, 4) > RELEASED)
  await sql`create table migrations (name text primary key, applied_at bigint not null)`.execute(db)
  for (const name of later) await sql`insert into migrations (name, applied_at) values (${name}, 0)`.execute(db)
  await migrate(db, empty.kind)
  await sql`delete from migrations where applied_at = 0`.execute(db)
}

async function insertRows() {
  const rows = readFileSync(join(import.meta.dirname, 'rows-of-0025.sql'), 'utf8')
  for (const statement of rows.split(/;\s*$/m).filter((text) => text.trim() !== '')) await sql.raw(statement).execute(db)
}

const get = (url: string, cookie: string, host = 'help.acme.test') =>
  app.inject({ url, headers: { host, cookie, accept: 'application/json' } })
const boot = (body: object, cookie?: string) =>
  app.inject({
    method: 'POST',
    url: '/messenger/boot',
    headers: { host: 'help.acme.test', origin: 'https://app.acme.test', ...(cookie !== undefined && { cookie }) },
    payload: { app_id: 'acme', ...body },
  })
suite('after an upgrade from migration 0025', () => {
  test('every migration since was applied over its rows', () => {
    assert.ok(applied.length > 0)
    assert.ok(applied.every((name) => name.slice(0, 4) > RELEASED))
  })

  test('a session that stood stands, at its host and where it was handed over', async () => {
    for (const [host, cookie] of [
      ['help.acme.test', ADA],
      ['docs.acme.test', ADA_AT_DOCS],
    ] as const) {
      const { signed_in, person } = (await get('/login/status', cookie, host)).json()
      assert.deepEqual([signed_in, person.user_id], [true, 'ada'], host)
      assert.equal((await get('/tickets', cookie, host)).statusCode, 200, host)
    }
  })

  test('a browser that was signed in boots as before', async () => {
    const answer = await boot({}, ADA)
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.json().contact.name, 'Ada Lovelace')
  })

  test('a visitor goes on as the same one', async () => {
    assert.equal((await get('/login/status', VISITOR)).json().because, 'visitor')
    await boot({}, VISITOR)
    const { count } = await db
      .selectFrom('sessions')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('kind', '=', 'visitor')
      .executeTakeFirstOrThrow()
    assert.equal(Number(count), 1)
  })

  test('a token of the old messenger secret signs the same contact in, with what was known of them', async () => {
    const token = signJwt({ user_id: 'ada', exp: now / 1000 + 60 }, SECRET)
    const answer = await boot({ intercom_user_jwt: token })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.json().contact.id, '8d1d2c95d107dc30ec1c587b')
    assert.equal(answer.json().contact.name, 'Ada Lovelace')
  })

  test('a teammate is still at work, and signs in with the same password', async () => {
    assert.equal((await teamBrowser({ app }, { secret: GRACE }).ask('GET', '/app/session')).statusCode, 200)
    const browser = teamBrowser({ app })
    for (const [password, status] of [
      ['incorrect horse', 401],
      ['correct horse battery', 200],
    ] as const) {
      await browser.send('/sign-in', { email: 'grace@acme.test', password })
      assert.equal((await browser.ask('GET', '/app/session')).statusCode, status)
    }
  })

  test('signing out at one host ends what stood at both', async () => {
    const headers = { host: 'docs.acme.test', origin: 'https://docs.acme.test', 'sec-fetch-site': 'same-origin', cookie: ADA_AT_DOCS }
    await app.inject({
      method: 'POST',
      url: '/login/logout',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      payload: '',
    })
    for (const [host, cookie] of [
      ['help.acme.test', ADA],
      ['docs.acme.test', ADA_AT_DOCS],
    ] as const)
      assert.equal((await get('/login/status', cookie, host)).json().because, 'signed_out', host)
  })
})
