import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { signJwt } from '#test/cast.ts'
import { personMenuOf, portalStatus } from './acts.ts'
import type { Person } from './demo.ts'
import { openForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()

let isOpen = false
async function openCookieDoor(): Promise<void> {
  if (isOpen) return
  await stage.demo.command('workspace', 'set', stage.demo.app_id, '--cookie-door', 'on')
  await sleep(1200)
  isOpen = true
}

/** A page of a host beside the support host that answers with the cookie, as the app's login does. */
async function logInAs(context: BrowserContext, { user_id, email, name }: Person): Promise<string> {
  await openCookieDoor()
  const { app_id, messenger_secret } = stage.demo
  const exp = Math.floor(Date.now() / 1000) + 3600
  const jwt = signJwt({ user_id, email, name, aud: `${app_id}:cookie`, exp, jti: crypto.randomUUID() }, messenger_secret)
  const cookie = `latchkey_user_jwt=${jwt}; Domain=acme.localhost; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax`
  const app = await openForeignSite('shop.acme.localhost', { '/': 'Welcome' }, { 'set-cookie': cookie })
  const page = await context.newPage()
  await page.goto(app.origin)
  await page.close()
  app.close()
  return jwt
}

test('the app sets a cookie on the parent domain, and a typed address opens signed in, with no script', async () => {
  const { demo, open } = stage
  const context = await open({ javaScriptEnabled: false })
  await logInAs(context, demo.chen)
  const page = await context.newPage()
  const answer = await page.goto(`${demo.help_url}/tickets`)
  assert.deepEqual([answer?.status(), answer?.request().redirectedFrom()], [200, null])
  await personMenuOf(page, demo.chen).waitFor()
  await context.close()
})

test('after Sign out the same cookie signs nobody in, here or in another browser', async () => {
  const { demo, open } = stage
  const context = await open()
  const jwt = await logInAs(context, demo.chen)
  const page = await context.newPage()
  await page.goto(`${demo.help_url}/tickets`)
  await personMenuOf(page, demo.chen).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  assert.equal(await portalStatus(context, demo), 401)
  const other = await open()
  await other.addCookies([{ name: 'latchkey_user_jwt', value: jwt, domain: '.acme.localhost', path: '/', httpOnly: true }])
  assert.equal(await portalStatus(other, demo), 401)
  await other.close()
  await context.close()
})

test('over somebody else’s session it asks, once', async () => {
  const { demo, open } = stage
  const context = await open()
  await logInAs(context, demo.chen)
  const page = await context.newPage()
  await page.goto(`${demo.help_url}/en`)
  await logInAs(context, demo.ada)
  await page.goto(`${demo.help_url}/en`)
  await page.getByRole('heading', { name: /^Continue as Ada Lovelace/ }).waitFor()
  await page.getByText('You are signed in as Chen Wei now').waitFor()
  await page.getByRole('link', { name: 'No, this is not me' }).click()
  await page.waitForURL(`${demo.help_url}/en`)
  await personMenuOf(page, demo.chen).waitFor()
  await context.close()
})
