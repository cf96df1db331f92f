import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, FrameLocator, Page } from 'playwright-core'
import { appendPart } from '#domain/conversations/parts.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { launcherOf, messengerOf, openMessenger, personMenuOf, say, startConversation, userOf } from './acts.ts'
import { eventually } from './stage.ts'
import { openTwoSites, type Refusing, type TwoSites } from './two-sites.ts'

const HELP = 'help.vendor.test'
const EMBEDDED = '__Host-latchkey-embedded'

let sites: TwoSites
before(async () => {
  sites = await openTwoSites([HELP])
})
after(() => sites.close())

const adasName = { name: 'Ada Lovelace' } as Parameters<typeof personMenuOf>[1]
const cookiesOf = async (context: BrowserContext) =>
  (await context.cookies()).filter(({ domain }) => domain === HELP).map(({ name }) => name)
/** Where somebody ends who types the address of their tickets. */
const portalOf = async (context: BrowserContext) => {
  const page = await context.newPage()
  await page.goto(`${sites.at(HELP)}/tickets`)
  const { origin, pathname } = new URL(page.url())
  await page.close()
  return origin + pathname
}

async function openApp(context: BrowserContext, as: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${sites.app}/?as=${as}`)
  await launcherOf(page).waitFor()
  return page
}

async function readArticle(page: Page, title: string): Promise<FrameLocator> {
  const messenger = await openMessenger(page)
  await messenger.getByRole('button', { name: title }).click()
  await messenger.getByRole('heading', { name: title }).first().waitFor()
  return messenger
}

/** A teammate answers the newest conversation, from the server's side. */
async function answer(text: string): Promise<void> {
  const { db, workspace } = sites
  const { id } = await db.selectFrom('conversations').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const tess = await addTeammate(db, workspace, { name: 'Tess', email: `${crypto.randomUUID()}@acme.test` }, Date.now())
  const part = { part_type: 'comment', body: `<p>${text}</p>`, author: { type: 'admin', id: String(tess.id) } } as const
  await appendPart(db, { id, workspace_id: workspace.id }, part, Date.now())
}

for (const [refusing, cookies] of [
  ['third-party cookies', [EMBEDDED]],
  ['every cookie of the other site', []],
] as [Refusing, string[]][]) {
  test(`without ${refusing}: the user is known, writes, and is answered live`, async () => {
    const context = await sites.open(refusing)
    const page = await openApp(context, 'ada')
    await eventually(() => userOf(page), 'ada')
    const messenger = await startConversation(page, `Across two sites, without ${refusing}`)
    await answer('Hello from the other site')
    await messenger.getByText('Hello from the other site').waitFor()
    assert.deepEqual(await cookiesOf(context), cookies)
    await context.close()
  })

  test(`without ${refusing}: a link opens the Help Center signed in, at a clean address, and a typed address is signed in from then on`, async () => {
    const context = await sites.open(refusing)
    const page = await openApp(context, 'ada')
    const messenger = await readArticle(page, 'For users')
    const [help] = await Promise.all([
      context.waitForEvent('page'),
      messenger.getByRole('link', { name: 'Open in the Help Center' }).click(),
    ])
    await personMenuOf(help, adasName).waitFor()
    assert.match(help.url(), /\/en\/articles\/\d+-for-users$/)
    await help.getByText('Only for you.').waitFor()
    assert.equal(await help.evaluate('window.opener'), null)
    await context.clearCookies({ name: 'as' })
    assert.equal(await portalOf(context), `${sites.at(HELP)}/tickets`)
    await context.close()
  })

  test(`without ${refusing}: a link inside an article opens the portal signed in`, async () => {
    const context = await sites.open(refusing)
    const messenger = await readArticle(await openApp(context, 'ada'), 'For everybody')
    const [portal] = await Promise.all([context.waitForEvent('page'), messenger.getByRole('link', { name: 'your tickets' }).click()])
    await personMenuOf(portal, adasName).waitFor()
    assert.equal(portal.url(), `${sites.at(HELP)}/tickets`)
    await context.close()
  })

  test(`without ${refusing}: a shutdown ends the session here and in the Help Center, which then waits for a click`, async () => {
    const context = await sites.open(refusing)
    const page = await openApp(context, 'ada')
    const messenger = await readArticle(page, 'For users')
    const [help] = await Promise.all([
      context.waitForEvent('page'),
      messenger.getByRole('link', { name: 'Open in the Help Center' }).click(),
    ])
    await personMenuOf(help, adasName).waitFor()
    await page.goto(`${sites.app}/?as=ada`)
    await launcherOf(page).waitFor()
    await page.evaluate(`void (Intercom('shutdown'), location.assign('/?as='))`)
    await page.waitForURL('**/?as=')
    await launcherOf(page).waitFor()
    await help.reload()
    await help.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await help.getByRole('heading', { name: 'Log in to Acme' }).waitFor()
    await context.close()
  })

  test(`without ${refusing}: somebody else on the same page sees nothing of the first`, async () => {
    const context = await sites.open(refusing)
    const page = await openApp(context, 'ada')
    await startConversation(page, 'For my eyes only')
    await page.goto(`${sites.app}/?as=ben`)
    await eventually(() => userOf(page), 'ben')
    await openMessenger(page)
    assert.ok(!(await messengerOf(page).locator('body').innerText()).includes('For my eyes only'))
    await context.close()
  })

  test(`without ${refusing}: a visitor is answered live, and keeps the conversation ${cookies.length > 0 ? 'after a reload' : 'while the page lives'}`, async () => {
    const context = await sites.open(refusing)
    const page = await openApp(context, '')
    const messenger = await startConversation(page, 'Who are you?')
    await page.evaluate(`Intercom('update')`)
    await answer('We are Acme')
    await messenger.getByText('We are Acme').waitFor()
    await say(messenger, 'Nice to meet you')
    if (cookies.length > 0) {
      await page.reload()
      await launcherOf(page).waitFor()
      await (await openMessenger(page)).getByText('Nice to meet you').waitFor()
    }
    await context.close()
  })

  test(`without ${refusing}: a typed address goes through the Login URL`, async () => {
    const context = await sites.open(refusing)
    await openApp(context, 'ada')
    const page = await context.newPage()
    await page.goto(`${sites.at(HELP)}/tickets`)
    await personMenuOf(page, adasName).waitFor()
    assert.equal(page.url(), `${sites.at(HELP)}/tickets`)
    await context.close()
  })
}

test('what the Messenger carries opens no page of the support host, and stays out of every storage', async () => {
  const context = await sites.open('third-party cookies')
  const page = await openApp(context, 'ada')
  await openMessenger(page)
  await context.clearCookies({ name: 'as' })
  assert.equal(await portalOf(context), `${sites.app}/help/login`)
  assert.ok(!(await cookiesOf(context)).includes('__Host-latchkey'))
  // Where the other site may keep nothing, the frame has no storage at all.
  const kept = `(() => { try { return JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) } catch { return 'none' } })()`
  for (const frame of page.frames()) assert.doesNotMatch(await frame.evaluate<string>(kept), /[Bb]earer|authorization/)
  await context.close()
})
