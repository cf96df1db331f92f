import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWorkspace } from '#domain/installation/open-workspace.ts'
import { hashPassword, storePassword } from '#domain/teammates/passwords.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { listWorkspaces } from '#domain/workspaces/workspaces.ts'
import type { RunningServer } from '#main'
import { codeOf } from '#test/team.ts'
import { faultsIn } from './axe.ts'
import { openTeamApp, type TeamApp } from './team-app.ts'

const OLA = { name: 'Ola Owner', email: 'ola@acme.test', password: 'three short words' }
let app: TeamApp
let server: RunningServer
let base: string
let open: TeamApp['open']
let page: Page
let secret = ''
let recovery: string[] = []
const asked: string[] = []
before(async () => {
  app = await openTeamApp()
  ;({ server, base, open } = app)
  const place = { name: 'Acme', host: 'http://help.acme.localhost:4000', origins: [], locales: ['en'] }
  const { workspace } = await openWorkspace(server.db, place, Date.now())
  const teammate = await addTeammate(server.db, workspace, { ...OLA, role: 'owner' }, Date.now())
  await storePassword(server.db, teammate, await hashPassword(OLA.password, OLA), Date.now())
  page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
  page.on('request', (request) => asked.push(request.url()))
})
after(() => app?.close())

async function givePassword(of: Page): Promise<void> {
  await of.goto(`${base}/sign-in?next=/settings/profile`)
  await of.getByLabel('E-mail address').fill(OLA.email)
  await of.getByLabel('Password', { exact: true }).fill(OLA.password)
  await of.keyboard.press('Enter')
}

/** A code works once, so each sign-in of this file gets a step of its own, as if half a minute had gone by. */
async function freshCode(): Promise<string> {
  await server.db.updateTable('second_steps').set({ last_step: 0 }).execute()
  return codeOf(secret, Date.now())
}

/** The look of a page, told to axe and to the width of a phone. */
async function look(of: Page, name: string, faults: Record<string, string[]>): Promise<void> {
  faults[name] = await faultsIn(of)
  assert.equal(await of.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${name} fits`)
  const shots = process.env['LATCHKEY_SHOTS']
  if (shots !== undefined) await of.screenshot({ path: join(shots, `${name}.png`) })
}

suite('a second step of the sign-in', () => {
  test('is set up by a key that is drawn in the page, and proved by its first code', async () => {
    await givePassword(page)
    await page.waitForURL(`${base}/settings/profile`)
    // As if ten minutes had gone by: the password is asked for first.
    await server.db.updateTable('teammate_sessions').set({ password_checked_at: 0 }).execute()
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('dialog', { name: 'Your password, please' }).getByLabel('Password').fill(OLA.password)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Set up your second step' })
    await dialog.getByRole('img', { name: /QR code/ }).waitFor()
    await dialog.getByText('I cannot scan it').click()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    secret = await page.evaluate<string>('navigator.clipboard.readText()')
    assert.match(secret, /^[A-Z2-7]{32}$/)
    assert.equal((await dialog.getByLabel(/Type this key/).inputValue()).replaceAll(' ', ''), secret)
    const uri = await dialog.getByRole('link', { name: 'open it there' }).getAttribute('href')
    assert.equal(new URL(uri ?? '').searchParams.get('secret'), secret)
    await dialog.getByLabel('Code', { exact: true }).fill('12345')
    await page.keyboard.press('Enter')
    await dialog.getByText('This code is not right').waitFor()
    await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret, Date.now()))
    await page.keyboard.press('Enter')
    const codes = page.getByRole('dialog', { name: 'Your recovery codes' })
    await codes.waitFor()
    recovery = await codes.getByRole('listitem').allTextContents()
    assert.equal(recovery.length, 10)
    await codes.getByRole('button', { name: 'Copy all' }).click()
    await codes.getByRole('button', { name: 'Copied' }).waitFor()
    assert.deepEqual((await page.evaluate<string>('navigator.clipboard.readText()')).trim().split('\n'), recovery)
    for (let turn = 0; turn < 3; turn += 1) await page.keyboard.press('Escape')
    await codes.getByRole('button', { name: 'I have them' }).click()
    await page.getByText('10 recovery codes are left').waitFor()
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(base)),
      [],
      'nobody else was asked for anything',
    )
  })

  test('asks for the code after the password, by the keyboard alone and without JavaScript, and leads where one was going', async () => {
    const plain = await open({ javaScriptEnabled: false })
    await givePassword(plain)
    await plain.waitForURL(`${base}/sign-in/code?next=%2Fsettings%2Fprofile`)
    await plain.keyboard.type('111 111')
    await plain.keyboard.press('Enter')
    await plain.getByText('This code is not right').waitFor()
    await plain.keyboard.type(await freshCode())
    await plain.keyboard.press('Enter')
    await plain.waitForURL(`${base}/settings/profile`)
    await plain.context().close()
  })

  test('takes a recovery code where the phone is not at hand, once', async () => {
    await page.getByRole('button', { name: /Ola Owner/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${base}/sign-in`)
    await givePassword(page)
    await page.getByRole('link', { name: /Use a recovery code/ }).click()
    await page.getByLabel('Recovery code').fill(recovery[0] ?? '')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${base}/settings/profile`)
    await page.getByText('9 recovery codes are left').waitFor()
    const again = await open()
    await givePassword(again)
    await again.waitForURL(/sign-in\/code/)
    await again.goto(`${base}/sign-in/recovery-code`)
    await again.getByLabel('Recovery code').fill(recovery[0] ?? '')
    await again.keyboard.press('Enter')
    await again.getByText('none of your recovery codes').waitFor()
    await again.context().close()
  })

  test('of a colleague who lost phone and codes is reset by an owner, after a question', async () => {
    const [workspace] = await listWorkspaces(server.db)
    assert.ok(workspace)
    const ben = await addTeammate(server.db, workspace, { name: 'Ben', email: 'ben@acme.test', role: 'agent' }, Date.now())
    const row = { workspace_id: workspace.id, teammate_id: ben.id, sealed_secret: 'lost', last_step: 0, turned_on_at: Date.now() }
    await server.db.insertInto('second_steps').values(row).execute()
    await page.goto(`${base}/settings/teammates`)
    await page.getByRole('row', { name: /Ben two steps/ }).waitFor()
    await page.getByRole('button', { name: 'Reset the second step of Ben' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reset the second step of Ben?' })
    const faults: Record<string, string[]> = {}
    await look(page, 'reset-light-1280', faults)
    assert.deepEqual(faults, { 'reset-light-1280': [] })
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click()
    await page.getByText('Ben signs in with the password alone now.').waitFor()
    await page.getByRole('row', { name: /Ben two steps/ }).waitFor({ state: 'detached' })
    assert.deepEqual(await server.db.selectFrom('second_steps').selectAll().where('teammate_id', '=', ben.id).execute(), [])
    await page.goto(`${base}/settings/profile`)
  })

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`can be read and used by everybody (${colorScheme}, ${width} px)`, async () => {
        const faults: Record<string, string[]> = {}
        const name = (what: string) => `${what}-${colorScheme}-${width}`
        const of = await open({ colorScheme, viewport: { width, height: 844 } })
        await givePassword(of)
        await of.waitForURL(/sign-in\/code/)
        await look(of, name('code'), faults)
        await of.getByLabel('Code', { exact: true }).fill('1')
        await of.keyboard.press('Enter')
        await of.getByText('This code is not right').waitFor()
        await look(of, name('code-wrong'), faults)
        await of.getByRole('link', { name: /Use a recovery code/ }).click()
        await of.getByLabel('Recovery code').waitFor()
        await look(of, name('recovery'), faults)
        await of.goto(`${base}/sign-in/code`)
        await of.getByLabel('Code', { exact: true }).fill(await freshCode())
        await of.keyboard.press('Enter')
        await of.waitForURL(`${base}/settings/*`)
        await of.goto(`${base}/settings/profile`)
        await of.getByRole('button', { name: 'Turn off' }).click()
        await of.getByRole('dialog').getByLabel('Code', { exact: true }).waitFor()
        await look(of, name('turn-off'), faults)
        await of.getByRole('button', { name: 'Cancel' }).click()
        await of.getByRole('button', { name: 'New recovery codes' }).scrollIntoViewIfNeeded()
        await look(of, name('profile'), faults)
        await of.getByRole('button', { name: 'New recovery codes' }).click()
        await of
          .getByRole('dialog')
          .getByLabel('Code', { exact: true })
          .fill(await freshCode())
        await of.getByRole('button', { name: 'Make ten new codes' }).click()
        await of.getByRole('dialog', { name: 'Your recovery codes' }).waitFor()
        await look(of, name('codes'), faults)
        await of.goto(`${base}/settings/teammates`)
        await of.getByText('two steps').waitFor()
        await look(of, name('teammates'), faults)
        assert.deepEqual(
          Object.entries(faults).filter(([, found]) => found.length > 0),
          [],
        )
        await of.context().close()
      })

  test('is turned off with a code, and the password is enough again', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'Turn off' }).click()
    const dialog = page.getByRole('dialog', { name: 'Turn the second step off' })
    await dialog.getByLabel('Code', { exact: true }).fill(await freshCode())
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Set up' }).waitFor()
    const of = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await givePassword(of)
    await of.waitForURL(`${base}/settings/profile`)
    await of.getByRole('button', { name: 'Set up' }).click()
    await of.getByRole('img', { name: /QR code/ }).waitFor()
    const faults: Record<string, string[]> = {}
    await look(of, 'set-up-dark-390', faults)
    assert.deepEqual(faults, { 'set-up-dark-390': [] })
    await of.context().close()
  })
})
