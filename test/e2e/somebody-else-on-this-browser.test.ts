import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  enterAs,
  fillInLogin,
  launcherOf,
  messengerOf,
  openMessenger,
  personMenuOf,
  startConversation,
  userOf,
  portalStatus,
} from './acts.ts'
import { setStage } from './stage.ts'

const stage = setStage()

test('the second person on a shared browser is signed in as themselves and sees nothing of the first', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  const messenger = await startConversation(page, 'This is between Ada and you.')
  await messenger.getByLabel('Write a message…').fill('An unfinished thought of Ada')
  await page.goto(`${demo.app_url}/login`)
  await fillInLogin(page, demo.ben)
  await launcherOf(page).waitFor()
  assert.equal(await userOf(page), demo.ben.user_id)
  const bens = await openMessenger(page)
  await bens.getByRole('heading', { name: 'Hi Ben' }).waitFor()
  await bens.getByRole('button', { name: 'Messages' }).click()
  await bens.getByText('No messages yet').waitFor()
  assert.equal(await bens.getByText('between Ada and you').count(), 0)
  const kept = await Promise.all(
    page.frames().map((frame) => frame.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')),
  )
  assert.ok(!kept.join('').includes('unfinished thought'))
  await page.goto(`${demo.help_url}/en`)
  await personMenuOf(page, demo.ben).waitFor()
  assert.equal(await personMenuOf(page, demo.ada).count(), 0)
  await context.close()
})

test('if the second person’s token is refused, nobody is signed in and the first one’s Messenger is gone', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  await startConversation(page, 'Still Ada.')
  const complaint = page.waitForEvent('console', (message) => message.text().includes('Latchkey: user_jwt'))
  const forged = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMTAwMiJ9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  await page.route('**/intercom/jwt', (route) =>
    route.fulfill({ json: { intercomJwt: forged, userId: demo.ben.user_id, email: demo.ben.email } }),
  )
  await page.goto(`${demo.app_url}/login`)
  await fillInLogin(page, demo.ben)
  await complaint
  assert.equal(await launcherOf(page).count(), 0)
  assert.equal(await userOf(page), null)
  assert.equal(await page.locator('iframe').count(), 0)
  assert.equal(await portalStatus(context, demo), 401)
  const help = await context.newPage()
  await help.goto(`${demo.help_url}/en`)
  assert.equal(await personMenuOf(help, demo.ada).count(), 0)
  await context.close()
})

test('a refused token on an open page takes the Messenger off that page', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  await openMessenger(page)
  await page.evaluate(`Intercom('boot', { app_id: ${JSON.stringify(demo.app_id)}, user_id: '1002', intercom_user_jwt: 'not.a.token' })`)
  await launcherOf(page).waitFor({ state: 'detached' })
  assert.equal(await messengerOf(page).getByText('Hi Ada').count(), 0)
  assert.equal(await userOf(page), null)
  await page.context().close()
})

test('a user id without a token signs nobody in', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await context.newPage()
  await page.goto(`${demo.app_url}/anonymous`)
  await launcherOf(page).waitFor()
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/messenger/boot'))
  await page.evaluate(
    `Intercom('boot', { app_id: ${JSON.stringify(demo.app_id)}, user_id: '1001', email: 'ada@analytical-engines.example' })`,
  )
  assert.equal((await refused).status(), 401)
  await launcherOf(page).waitFor({ state: 'detached' })
  assert.equal(await portalStatus(context, demo), 401)
  await context.close()
})
