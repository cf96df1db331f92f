import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { openMailbox, type Mailbox } from '#test/mailbox.ts'
import { openProvider, type Bent, type OpenIdProvider } from '#test/openid-provider.ts'
import { enterAs, findArticle, portalStatus, titlesOfTickets, whoami } from './acts.ts'
import { faultsIn } from './axe.ts'
import { eventually, setStage } from './stage.ts'

let mailbox: Mailbox
let provider: OpenIdProvider
const stage = setStage(async () => {
  mailbox = await openMailbox()
  provider = await openProvider()
  provider.asksForConsent = true
  return { ...mailbox.environment, LATCHKEY_OUTGOING_ALLOW: '127.0.0.1', LATCHKEY_OUTGOING_PORTS: String(provider.port) }
})
const FOR_USERS = 'Sessions'
const person = { sub: 'u-7', email: 'augusta@king.test', email_verified: true, name: 'Augusta King' }
let article: string

/** Once the demo is up: both ways are switched on as its operator does it. */
async function switchOn() {
  const { demo } = stage
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-provider-'))
  const secret = join(folder, 'client-secret')
  writeFileSync(secret, provider.client.client_secret)
  await demo.command('workspace', 'set', demo.app_id, '--email-links', 'on')
  const words = ['--issuer', provider.issuer, '--client-id', provider.client.client_id, '--client-secret-file', secret]
  await demo.command('provider', 'add', demo.app_id, 'Engines ID', ...words)
  rmSync(folder, { recursive: true })
  const signedIn = await enterAs(await stage.open(), demo, demo.ada)
  article = await findArticle(signedIn, demo, FOR_USERS)
  await signedIn.context().close()
}
after(async () => {
  await provider.close()
  await mailbox.close()
})
beforeEach(() => {
  provider.bent = {}
  provider.person = person
})

/** From a protected page to the sign-in page and, by its button, to the provider's own. */
async function goToProvider(page: Page, address = article): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await page.getByRole('link', { name: 'Sign in with Engines ID' }).click()
  await page.getByRole('heading', { name: 'Engines ID' }).waitFor()
}

const goOn = (page: Page) => page.getByRole('link', { name: /^Go on as/ }).click()
const cookiesOf = async (context: BrowserContext) =>
  (await context.cookies()).map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))

suite('with OpenID Connect', () => {
  before(switchOn)
  for (const javaScriptEnabled of [true, false])
    test(`a reader of an article for users chooses their provider and comes back to it signed in, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const context = await stage.open({ javaScriptEnabled })
      const page = await context.newPage()
      await goToProvider(page)
      await goOn(page)
      await page.getByRole('heading', { level: 1, name: FOR_USERS }).waitFor()
      assert.equal(page.url(), article)
      await page.getByRole('banner').getByText('Augusta King').first().waitFor()
      assert.deepEqual(await cookiesOf(context), ['latchkey'])
      assert.equal((await page.goto(`${stage.demo.help_url}/tickets`))?.status(), 200)
      await context.close()
    })

  test('an address that equals a user’s, verified or not, opens nothing of theirs', async () => {
    const { demo } = stage
    const own = await enterAs(await stage.open(), demo, demo.ada)
    await own.goto(`${demo.help_url}/tickets`)
    assert.ok((await titlesOfTickets(own)).length > 0, 'Ada has tickets')
    await own.context().close()
    for (const email_verified of [false, true]) {
      provider.person = { sub: `mallory ${email_verified}`, name: 'Mallory', email: demo.ada.email, email_verified }
      const context = await stage.open()
      const page = await context.newPage()
      await goToProvider(page, `${demo.help_url}/tickets`)
      await goOn(page)
      await page.getByRole('banner').getByText('Mallory').first().waitFor()
      assert.deepEqual(await titlesOfTickets(page), [])
      await context.close()
    }
  })

  const bends: [flaw: string, bent: Bent, heading: string][] = [
    ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'another' }) }, 'You were not signed in'],
    ['for another client', { claims: (claims) => ({ ...claims, aud: 'another' }) }, 'You were not signed in'],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 120 }) }, 'You were not signed in'],
    ['with a state that was mixed up', { state: 'mixed-up' }, 'This sign-in has run out'],
    ['that says no', { error: 'access_denied' }, 'You were not signed in'],
  ]
  for (const [flaw, bent, heading] of bends)
    test(`an answer ${flaw} signs nobody in, says so, and leads back to the sign-in`, async () => {
      provider.bent = bent
      const context = await stage.open()
      const page = await context.newPage()
      await goToProvider(page)
      await goOn(page)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      assert.equal(await portalStatus(context, stage.demo), 401)
      provider.bent = {}
      await page.getByRole('link', { name: 'Back to sign-in' }).click()
      await page.getByRole('link', { name: 'Sign in with Engines ID' }).click()
      await goOn(page)
      await page.getByRole('banner').getByText('Augusta King').first().waitFor()
      await context.close()
    })

  test('a callback that somebody else began does not turn this browser into them', async () => {
    const attacker = await (await stage.open()).newPage()
    await goToProvider(attacker)
    const link = (await attacker.getByRole('link', { name: /^Go on as/ }).getAttribute('href')) ?? ''
    const victim = await stage.open()
    const page = await victim.newPage()
    await page.goto(link)
    await page.getByRole('heading', { level: 1, name: 'This sign-in has run out' }).waitFor()
    assert.equal(await portalStatus(victim, stage.demo), 401)
    await attacker.context().close()
    await victim.close()
  })
})

suite('with a link in their mail', () => {
  async function askForLink(page: Page, email: string): Promise<string> {
    const count = mailbox.mails.length
    await page.goto(`${stage.demo.help_url}/login?return_to=/en`)
    await page.getByLabel('Your e-mail address').fill(email)
    await page.getByRole('button', { name: 'Mail me a sign-in link' }).click()
    await page.getByRole('heading', { level: 1, name: 'Look into your mail' }).waitFor()
    await eventually(async () => mailbox.mails.length, count + 1)
    return /http:\/\/\S+\/login\/link\?code=\S+/.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? ''
  }

  test('a reader is a lead in the browser that asked, and still needs an account for what is meant for users', async () => {
    const context = await stage.open()
    const page = await context.newPage()
    await page.goto(await askForLink(page, 'grace@navy.test'))
    await page.getByText('You asked for this link in this browser.').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('banner').getByText('grace@navy.test').first().waitFor()
    assert.equal(new URL(page.url()).pathname, '/en')
    assert.deepEqual(await cookiesOf(context), ['latchkey'])
    assert.equal((await page.goto(`${stage.demo.help_url}/tickets`))?.status(), 401)
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'You need an account for this page' }).waitFor()
    assert.equal(await page.getByLabel('Your e-mail address').count(), 0)
    await page.getByRole('link', { name: 'Sign in with Engines ID' }).click()
    await goOn(page)
    await page.getByRole('banner').getByText('Augusta King').first().waitFor()
    assert.equal(new URL(page.url()).pathname, '/tickets')
    await context.close()
  })

  test('the link in another browser says so, and works there once', async () => {
    const asking = await (await stage.open()).newPage()
    const link = await askForLink(asking, 'phone@navy.test')
    const phone = await stage.open()
    const page = await phone.newPage()
    await page.goto(link)
    await page.getByText('Somebody asked for this link in another browser.').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('banner').getByText('phone@navy.test').first().waitFor()
    assert.equal((await asking.goto(link))?.status(), 410)
    await asking.context().close()
    await phone.close()
  })

  test('a user’s address opens nothing of theirs, and their app’s boot is theirs as before', async () => {
    const { demo } = stage
    const context = await stage.open()
    const page = await context.newPage()
    await page.goto(await askForLink(page, demo.ada.email))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('banner').getByText(demo.ada.email).first().waitFor()
    assert.equal(await portalStatus(context, demo), 401)
    const app = await enterAs(context, demo, demo.ada)
    assert.equal((await whoami(app))?.user_id, demo.ada.user_id)
    await context.close()
  })
})

suite('the pages of a sign-in', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`have no serious accessibility fault, in any language (${colorScheme})`, async () => {
      const found: Record<string, string[]> = {}
      for (const locale of ['en-GB', 'fr', 'ja', 'ar']) {
        const context = await stage.open({ colorScheme, locale, viewport: { width: 390, height: 800 } })
        const page = await context.newPage()
        for (const path of ['/login', '/login/email', '/login/oidc/callback?state=x', '/login/link?code=x']) {
          await page.goto(stage.demo.help_url + path)
          found[`${locale} ${path}`] = await faultsIn(page)
          assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${locale} ${path} fits a phone`)
        }
        await context.close()
      }
      assert.deepEqual(
        Object.entries(found).filter(([, faults]) => faults.length > 0),
        [],
      )
    })
})
