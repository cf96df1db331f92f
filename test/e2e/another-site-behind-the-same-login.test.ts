import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { launcherOf, userOf } from './acts.ts'
import { findFreePort } from '#bin/server-process.ts'
import { openStaticSite, startCaddyExample, startNginxExample, type ProtectedSite } from './protected-sites.ts'
import { reasonToSkip } from './reason-to-skip.ts'
import { eventually } from './stage.ts'
import { openTwoSites, type TwoSites } from './two-sites.ts'

for (const [command, how, name, start] of [
  ['nginx', 'by auth_request', 'docs.acme.test', startNginxExample],
  ['caddy', 'by forward_auth, on another registrable domain', 'docs.vendor.test', startCaddyExample],
] as const)
  suite(`a static site behind ${command}, ${how}`, { skip: reasonToSkip(command) }, () => {
    const up: { sites?: TwoSites; protectedSite?: ProtectedSite; site?: Awaited<ReturnType<typeof openStaticSite>> } = {}
    before(async () => {
      const port = await findFreePort()
      up.sites = await openTwoSites(['help.acme.test'], { elsewhere: { [name]: port }, trustedProxies: '127.0.0.1' })
      up.site = await openStaticSite()
      const { certificates, upstream } = up.sites
      up.protectedSite = await start({ name, port, latchkey: upstream, site: up.site.port, certificates })
    })
    after(async () => {
      await up.protectedSite?.stop()
      up.site?.close()
      await up.sites?.close()
    })
    const stage = (): TwoSites => {
      assert.ok(up.sites)
      return up.sites
    }
    const inApp = async (context: BrowserContext): Promise<Page> => {
      const page = await context.newPage()
      await page.goto(`${stage().app}/?as=ada`)
      await launcherOf(page).waitFor()
      await eventually(() => userOf(page), 'ada')
      return page
    }
    const reached = async (page: Page) => JSON.parse(await page.locator('pre').innerText()) as Record<string, string>

    test('is open to who is signed in to the app, without a click, deep link and query kept; it learns who they are', async () => {
      const context = await stage().open('third-party cookies')
      await inApp(context)
      const page = await context.newPage()
      await page.goto(`${stage().at(name)}/guide/first?a=b&c=d%20e`)
      await page.getByRole('heading', { name: 'Guide' }).waitFor()
      assert.equal(page.url(), `${stage().at(name)}/guide/first?a=b&c=d%20e`)
      const { 'latchkey-contact-id': contact_id = '', ...others } = await reached(page)
      assert.match(contact_id, /^[\da-f]{24}$/)
      assert.deepEqual(others, { 'latchkey-user-id': 'ada', 'latchkey-email': 'ada@engines.test' })
      const own = (await context.cookies(stage().at(name))).map(({ name, sameSite }) => [name, sameSite])
      assert.deepEqual(own, [['__Host-latchkey', 'Lax']])
      await context.close()
    })

    test('goes through the Login URL for who is signed in nowhere yet', async () => {
      const context = await stage().open()
      const page = await inApp(context)
      await context.clearCookies({ domain: 'help.acme.test' })
      await page.goto(`${stage().at(name)}/guide`)
      await page.getByRole('heading', { name: 'Guide' }).waitFor()
      assert.equal(page.url(), `${stage().at(name)}/guide`)
      await context.close()
    })

    test('shows nothing to anybody else, and lets no forged header through', async () => {
      const context = await stage().open()
      const forged = {
        'Latchkey-User-Id': 'mallory',
        'Latchkey-Email': 'm@evil.test',
        'Latchkey-Contact-Id': '1',
        Latchkey_User_Id: 'mallory',
      }
      await context.setExtraHTTPHeaders(forged)
      const page = await context.newPage()
      await page.goto(`${stage().at(name)}/guide`)
      await page.getByRole('heading', { name: 'Log in to Acme' }).waitFor()
      await page.goto(`${stage().app}/?as=ada`)
      await context.setExtraHTTPHeaders({})
      await page.goto(`${stage().at(name)}/guide`)
      await page.getByRole('heading', { name: 'Guide' }).waitFor()
      await page.setExtraHTTPHeaders(forged)
      await page.goto(`${stage().at(name)}/guide`)
      const { 'latchkey-contact-id': contact_id, ...others } = await reached(page)
      assert.notEqual(contact_id, '1')
      assert.deepEqual(others, { 'latchkey-user-id': 'ada', 'latchkey-email': 'ada@engines.test' })
      await context.close()
    })

    test('is closed again once they have logged out of the app', async () => {
      const context = await stage().open()
      const app = await inApp(context)
      const page = await context.newPage()
      await page.goto(`${stage().at(name)}/guide`)
      await page.getByRole('heading', { name: 'Guide' }).waitFor()
      await app.evaluate(`void (Intercom('shutdown'), location.assign('/?as='))`)
      await app.waitForURL('**/?as=')
      await launcherOf(app).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: 'Log in to Acme' }).waitFor()
      await context.close()
    })

    test('asks after signing out on the site itself', async () => {
      const context = await stage().open()
      await inApp(context)
      const page = await context.newPage()
      await page.goto(`${stage().at(name)}/guide`)
      await page.goto(`${stage().at(name)}/login/status`)
      await page.getByRole('banner').getByText('Ada Lovelace').first().click()
      await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
      await page.waitForLoadState()
      await page.goto(`${stage().at(name)}/guide`)
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
      await context.close()
    })
  })
