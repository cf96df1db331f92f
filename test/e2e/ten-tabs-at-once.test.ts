import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerAsTeammate, enterAs, findConversation, launcherOf, startConversation, unreadLauncherOf, userOf } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()

test('ten tabs of the app over HTTP/1.1 all hear a teammate at once, nothing blocks, and closing half of them changes nothing', async () => {
  const { demo, open } = stage
  const context = await open()
  const first = await enterAs(context, demo, demo.ada)
  const messenger = await startConversation(first, 'I have many tabs.')
  await messenger.getByRole('button', { name: 'Close' }).click()
  const conversation = await findConversation(demo, 'I have many tabs.')
  const others = await Promise.all(Array.from({ length: 9 }, () => context.newPage()))
  await Promise.all(others.map((page) => page.goto(demo.app_url)))
  const tabs = [first, ...others]
  for (const page of tabs) await eventually(() => userOf(page), demo.ada.user_id)
  await answerAsTeammate(demo, conversation, 'So have we.')
  await Promise.all(tabs.map((page) => unreadLauncherOf(page, 1).waitFor()))
  const help = await context.newPage()
  assert.equal((await help.goto(`${demo.help_url}/tickets`))?.status(), 200)
  await Promise.all(tabs.slice(0, 5).map((page) => page.close()))
  await answerAsTeammate(demo, conversation, 'Fewer are better.')
  const left = tabs.slice(5)
  await Promise.all(left.map((page) => unreadLauncherOf(page, 2).waitFor()))
  const [reader, ...watchers] = left
  assert.ok(reader)
  await launcherOf(reader).click()
  const frame = reader.frameLocator('iframe[title="Messenger"]')
  await frame.getByRole('button', { name: 'Fewer are better.' }).click()
  await frame.getByRole('log').getByText('So have we.').waitFor()
  for (const page of watchers) await eventually(() => launcherOf(page).getAttribute('aria-label'), 'Messenger')
  await context.close()
})
