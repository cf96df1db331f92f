import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArticle, publishArticle, writeArticle, type Article } from '#domain/articles/articles.ts'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { blockContact, getContact, unblockContact } from '#domain/contacts/contacts.ts'
import { openChat } from '#domain/conversations/open-chat.ts'
import { appendPart } from '#domain/conversations/parts.ts'
import { retireSigningKey } from '#domain/identity/signing-keys.ts'
import { endSessionsOfContact } from '#domain/sessions/sessions.ts'
import { addOrigin, changeWorkspace, removeOrigin } from '#domain/workspaces/workspaces.ts'
import { openDatabase, type Db } from '#platform/database/database.ts'
import { ada } from '#test/cast.ts'
import { openHouse, START, type Browser, type House } from '#test/house.ts'

let folder: string
let house: House
let elsewhere: Db
let article: Article
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-kept-'))
  house = await openHouse({ LATCHKEY_DATA: folder })
  elsewhere = openDatabase(house.address)
  await createHelpCenter(house.db, house.acme, { name: 'Help', default_locale: 'en', locales: ['en'] }, START)
  article = await createArticle(house.db, house.acme, {}, START)
  await write(house.db, 'The first words.')
  await publishArticle(house.db, article, 'en', START)
})
after(async () => {
  await house.close()
  await elsewhere.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const write = (db: Db, markdown: string) => writeArticle(db, article, { locale: 'en', title: 'Kept', markdown }, START)
const page = async (browser: Browser) => (await browser.get(`/en/articles/${article.id}-kept`)).body
const isKnown = async (browser: Browser) => (await browser.get('/messenger/conversations')).statusCode === 200
const idOf = async (browser: Browser) => (await browser.boot(ada)).json<{ contact: { id: string } }>().contact.id
const contactOf = async (browser: Browser) => getContact(house.db, house.acme, await idOf(browser))
const unread = async (browser: Browser) => (await browser.boot(ada)).json<{ unread_count: number }>().unread_count

/** Each is asked twice before, so that whatever can be kept is kept. */
const changes: [what: string, change: (db: Db, browser: Browser) => Promise<unknown>, isSeen: (browser: Browser) => Promise<boolean>][] = [
  [
    'a session that was ended is nobody',
    async (db, browser) => endSessionsOfContact(db, house.acme, (await contactOf(browser)).id),
    async (browser) => !(await isKnown(browser)),
  ],
  [
    'a person who was blocked is nobody',
    async (db, browser) => {
      const contact = await contactOf(browser)
      await blockContact(db, house.acme, contact, START)
      await unblockContact(db, house.acme, contact, START)
    },
    async (browser) => !(await isKnown(browser)),
  ],
  [
    'a changed article is shown',
    (db) => write(db, `Words of ${db === house.db ? 'here' : 'elsewhere'}.`),
    async (browser) => !(await page(browser)).includes('first words'),
  ],
  [
    'a renamed workspace is shown',
    (db) => changeWorkspace(db, house.acme, { name: db === house.db ? 'Acme & Sons' : 'Acme & Daughters' }),
    async (browser) => !(await page(browser)).includes('<span class="brand-name">Acme</span>'),
  ],
  [
    'an origin that is no longer listed may not boot',
    (db) => removeOrigin(db, house.acme, house.tenants.acme.app),
    async (browser) => (await browser.boot(ada)).json<{ errors?: { code: string }[] }>().errors?.[0]?.code === 'origin_not_allowed',
  ],
  [
    'a teammate’s answer is counted',
    async (db, browser) => {
      const contact = await contactOf(browser)
      const { conversation } = await openChat(db, house.acme, { contact, client_id: `${db === house.db}`, body: '<p>Hello</p>' }, START)
      await appendPart(db, conversation, { part_type: 'comment', body: '<p>Hi</p>', author: { type: 'admin', id: '1' } }, START)
    },
    async (browser) => (await unread(browser)) > 0,
  ],
  [
    'a session whose key was retired with its sessions is nobody',
    (db) => retireSigningKey(db, house.acme, house.tenants.acme.kid, { now: START, endSessions: true }),
    async (browser) => !(await isKnown(browser)),
  ],
]

for (const where of ['here', 'elsewhere'] as const)
  suite(where === 'here' ? 'at once, where it was changed' : 'within a second, when another process changed it', () => {
    for (const [what, change, isSeen] of changes)
      test(what, async () => {
        const db = where === 'here' ? house.db : elsewhere
        await setBack()
        const browser = house.browser()
        await idOf(browser)
        for (let asked = 0; asked < 2; asked++) assert.equal(await isSeen(browser), false)
        await change(db, browser)
        if (where === 'here') assert.equal(await isSeen(browser), true)
        else assert.equal(await soon(() => isSeen(browser)), true)
      })
  })

async function setBack() {
  const { db, acme, tenants } = house
  await write(db, 'The first words.')
  await changeWorkspace(db, acme, { name: 'Acme' })
  await removeOrigin(db, acme, tenants.acme.app)
  await addOrigin(db, acme, tenants.acme.app, START)
  await db.deleteFrom('conversations').execute()
  await db.updateTable('signing_keys').set({ retired_at: null }).execute()
  house.pass(1001)
}

/** Looks until it is so; a server too slow to see it in a second is still not wrong in ten. */
async function soon(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < 200; looks++) {
    if (await isSo()) return true
    await sleep(50)
  }
  return false
}
