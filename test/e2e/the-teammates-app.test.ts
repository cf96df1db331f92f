import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RunningServer } from '#main'
import type { LinkAnswer } from '#shared/inbox.ts'
import { faultsIn } from './axe.ts'
import { eventually } from './stage.ts'
import { openTeamApp, type TeamApp } from './team-app.ts'

const OWNER = { name: 'Ola Owner', email: 'ola@acme.test', password: 'three short words' }
const AGENT = { name: 'Ann Agent', email: 'ann@acme.test', password: 'four other words' }
let app: TeamApp
let server: RunningServer
let base: string
let open: TeamApp['open']
before(async () => {
  app = await openTeamApp()
  ;({ server, base, open } = app)
})
after(() => app?.close())

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto(`${base}/sign-in`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const setUpLink = () => `${base}/setup?code=${server.app.installationKeys.setUpCode}`
const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

suite('from an empty installation to a team', () => {
  let ola: Page
  let invitation: string

  test('the set-up link makes workspace and owner, and leads into the app', async () => {
    ola = await open()
    await ola.goto(base)
    assert.equal(new URL(ola.url()).pathname, '/setup')
    await ola.goto(setUpLink())
    await ola.getByLabel('Your name').fill(OWNER.name)
    await ola.getByLabel('E-mail address').fill(OWNER.email)
    await ola.getByLabel('Password').fill(OWNER.password)
    await ola.getByLabel('Company or product').fill('Acme')
    await ola.getByLabel('Support host').fill('http://help.acme.localhost:4000')
    await ola.getByLabel('Your app').fill('http://app.acme.localhost:4001')
    await ola.getByRole('button', { name: 'Finish and sign in' }).click()
    await ola.waitForURL(`${base}/settings/login`)
    assert.match(await ola.title(), / · Acme$/)
    assert.equal(await ola.getByRole('link', { name: /inbox/i }).count(), 0)
  })

  test('and is dead from then on', async () => {
    const stranger = await open()
    await stranger.goto(setUpLink())
    assert.equal(new URL(stranger.url()).pathname, '/sign-in')
    await stranger.context().close()
  })

  test('an invite is shown once as a link, and its role stands beside the address', async () => {
    await ola.getByRole('link', { name: 'Teammates' }).click()
    await ola.getByRole('button', { name: 'Invite', exact: true }).click()
    await eventually(() => ola.evaluate('document.activeElement.name'), 'email')
    await ola.keyboard.type(AGENT.email)
    const answered = ola.waitForResponse(/\/app\/invites$/)
    await ola.getByRole('button', { name: 'Make the link' }).click()
    invitation = ((await (await answered).json()) as LinkAnswer).link
    assert.equal(await ola.getByLabel('Link, shown this once').inputValue(), invitation)
    for (let turn = 0; turn < 3; turn += 1) await ola.keyboard.press('Escape')
    await ola.getByRole('button', { name: 'I have it' }).click()
    await ola.getByRole('row', { name: /ann@acme\.test agent/ }).waitFor()
    assert.equal(await ola.getByText(invitation).count(), 0)
  })

  test('whoever has it joins, without JavaScript, and sees what an agent may', async () => {
    const plain = await open({ javaScriptEnabled: false })
    await plain.goto(invitation)
    await plain.getByLabel('Your name').fill(AGENT.name)
    await plain.getByLabel('New password').fill('password')
    await plain.getByRole('button', { name: 'Join' }).click()
    assert.match((await plain.getByRole('alert').textContent()) ?? '', /Many people use/)
    await plain.getByLabel('New password').fill(AGENT.password)
    await plain.getByRole('button', { name: 'Join' }).click()
    await plain.waitForURL(`${base}/settings`)
    await plain.context().close()
    const ann = await open()
    await signIn(ann, AGENT)
    await ann.waitForURL(`${base}/settings/*`)
    await ann.getByRole('link', { name: 'Teammates' }).click()
    await ann.getByRole('row', { name: /Ola Owner/ }).waitFor()
    assert.equal(await ann.getByRole('button', { name: 'Invite', exact: true }).count(), 0)
    assert.equal(await ann.getByRole('link', { name: 'Audit log' }).count(), 0)
    await ann.goto(`${base}/settings/audit-log`)
    assert.equal(await headingOf(ann), 'Not found')
    await ann.context().close()
  })

  test('a teammate who is removed is out at the next click', async () => {
    const ann = await open()
    await signIn(ann, AGENT)
    await ann.waitForURL(`${base}/settings/*`)
    await ola.reload()
    await ola.getByRole('button', { name: 'Remove Ann Agent' }).click()
    await ola.getByRole('button', { name: 'Remove', exact: true }).click()
    await ola.getByRole('row', { name: /Ann Agent/ }).waitFor({ state: 'detached' })
    await ann.getByRole('button', { name: /Ann Agent/ }).click()
    await ann.getByRole('link', { name: 'Profile and sessions' }).click()
    await ann.waitForURL(/\/sign-in/)
    await ann.context().close()
  })
})

suite('the app by the keyboard', () => {
  test('goes where g and a letter say, tells where it is, and shows its shortcuts by a question mark', async () => {
    const page = await open()
    await signIn(page, OWNER)
    await page.waitForURL(`${base}/settings/*`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.waitForURL(`${base}/settings/audit-log`)
    await eventually(() => page.evaluate('[document.activeElement.tagName, document.title]'), ['H1', 'Audit log · Acme'])
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await dialog.getByText('Go to Teammates').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.goBack()
    await eventually(async () => (await page.title()).startsWith('Audit log'), false)
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.getByLabel('Your name').fill('g t ?')
    assert.equal(new URL(page.url()).pathname, '/settings/profile')
    assert.equal(await page.getByRole('dialog').count(), 0)
    await page.context().close()
  })

  test('asks for the password again before it makes a link for another’s password, and then makes it', async () => {
    const page = await open()
    await signIn(page, OWNER)
    await page.goto(`${base}/settings/teammates`)
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByLabel('E-mail address').fill('bo@acme.test')
    const answered = page.waitForResponse(/\/app\/invites$/)
    await page.getByRole('button', { name: 'Make the link' }).click()
    const { link } = (await (await answered).json()) as LinkAnswer
    await page.getByRole('button', { name: 'I have it' }).click()
    const bo = await open()
    await bo.goto(link)
    await bo.getByLabel('Your name').fill('Bo')
    await bo.getByLabel('New password').fill('five words that are good')
    await bo.getByRole('button', { name: 'Join' }).click()
    await bo.waitForURL(`${base}/settings/*`)
    // As if ten minutes had gone by.
    await server.db.updateTable('teammate_sessions').set({ password_checked_at: 0 }).execute()
    await page.reload()
    await page.getByRole('button', { name: 'Link for a new password for Bo' }).click()
    const question = page.getByRole('dialog', { name: 'Your password, please' })
    await question.getByLabel('Password').fill('not this')
    await question.getByRole('button', { name: 'Continue' }).click()
    await question.getByText('That is not your password.').waitFor()
    await question.getByLabel('Password').fill(OWNER.password)
    await question.getByRole('button', { name: 'Continue' }).click()
    assert.match(await page.getByLabel('Link, shown this once').inputValue(), /\/reset\?code=/)
    await page.context().close()
    await bo.context().close()
  })
})

suite('the app can be read and used by everybody', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`no screen has a serious accessibility fault (${colorScheme}, ${width} px)`, async () => {
        const page = await open({ colorScheme, viewport: { width, height: 844 } })
        const found: Record<string, string[]> = {}
        for (const path of ['/sign-in', '/reset', '/invite?code=x']) {
          await page.goto(base + path)
          found[path] = await faultsIn(page)
        }
        await signIn(page, OWNER)
        await page.waitForURL(`${base}/settings/*`)
        for (const path of ['/settings/teammates', '/settings/audit-log', '/settings/profile']) {
          await page.goto(base + path)
          await page.getByRole('row').nth(1).waitFor()
          found[path] = await faultsIn(page)
          assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${path} fits`)
        }
        await page.keyboard.press('?')
        found['shortcuts'] = await faultsIn(page)
        await page.keyboard.press('Escape')
        if (width < 800) await page.getByRole('button', { name: 'Menu' }).click()
        await page
          .getByRole('button', { name: /Ola Owner/ })
          .filter({ visible: true })
          .click()
        found['account menu'] = await faultsIn(page)
        const kept = page.waitForResponse(/\/app\/profile\/theme$/)
        await page.getByText('Dark', { exact: true }).filter({ visible: true }).click()
        await kept
        await page.reload()
        assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
        assert.deepEqual(
          Object.entries(found).filter(([, faults]) => faults.length > 0),
          [],
        )
        await page.context().close()
      })
})
