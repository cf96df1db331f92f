import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerAsTeammate,
  fillInLogin,
  findConversation,
  launcherOf,
  messengerOf,
  openMessenger,
  startConversation,
  userOf,
  whoami,
} from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()

test('a visitor can write without any token, is answered live, and keeps the conversation when they log in', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await context.newPage()
  await page.goto(`${demo.app_url}/anonymous`)
  const messenger = await startConversation(page, 'What does it cost?')
  assert.equal((await whoami(page))?.role, 'visitor')
  const asked = await findConversation(demo, 'What does it cost?')
  assert.deepEqual(
    asked.contacts.contacts.map(({ external_id }) => external_id),
    [null],
  )
  await answerAsTeammate(demo, asked, 'Nothing at all.')
  await messenger.getByRole('log').getByText('Nothing at all.').waitFor()
  await page.getByRole('link', { name: 'Log in' }).click()
  await fillInLogin(page, demo.chen)
  await eventually(() => userOf(page), demo.chen.user_id)
  await openMessenger(page)
  await messengerOf(page).getByRole('button', { name: 'Nothing at all.' }).click()
  await messengerOf(page).getByRole('log').getByText('What does it cost?').waitFor()
  const { id, contacts } = await findConversation(demo, 'What does it cost?')
  assert.deepEqual([id, contacts.contacts.map(({ external_id }) => external_id)], [asked.id, [demo.chen.user_id]])
  await context.close()
})

test('after a logout the browser’s next visitor begins with nothing', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await context.newPage()
  await page.goto(`${demo.app_url}/login`)
  await fillInLogin(page, demo.ada)
  const adas = await startConversation(page, 'Ada was here.')
  await adas.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL(`${demo.app_url}/login`)
  await page.goto(`${demo.app_url}/anonymous`)
  await launcherOf(page).waitFor()
  const messenger = await openMessenger(page)
  await messenger.getByRole('button', { name: 'Messages' }).click()
  await messenger.getByText('No messages yet').waitFor()
  assert.deepEqual([(await whoami(page))?.role, await userOf(page)], ['visitor', null])
  await context.close()
})
