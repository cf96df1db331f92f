import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerAsTeammate, enterAs, findConversation, launcherOf, messengerOf, startConversation, userOf } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()

for (const [name, path] of [
  ['with callbacks', '/callback'],
  ['with window.intercomSettings and the usual snippet', '/settings'],
  ['with the official npm loader', '/npm'],
] as const)
  test(`a page written ${name} signs its user in by changing only the script’s address`, async () => {
    const { demo, open } = stage
    const context = await open()
    const app = await enterAs(context, demo, demo.ada)
    await context.clearCookies({ domain: 'help.acme.localhost' })
    await app.goto(demo.app_url + path)
    await launcherOf(app).waitFor()
    await eventually(() => userOf(app), demo.ada.user_id)
    await startConversation(app, `Hello from ${path}`)
    assert.equal((await findConversation(demo, `Hello from ${path}`)).source.author.name, demo.ada.name)
    const help = await context.newPage()
    assert.equal((await help.goto(`${demo.help_url}/tickets`))?.status(), 200)
    await context.close()
  })

test('a page’s own callback hears of unread answers', async () => {
  const { demo, open } = stage
  const context = await open()
  const app = await enterAs(context, demo, demo.ben)
  await app.goto(`${demo.app_url}/callback`)
  await launcherOf(app).waitFor()
  assert.equal(await app.title(), 'Callbacks')
  await startConversation(app, 'Do callbacks work?')
  await messengerOf(app).getByRole('button', { name: 'Close' }).click()
  await answerAsTeammate(demo, await findConversation(demo, 'Do callbacks work?'), 'They do.')
  await eventually(() => app.title(), '(1) Callbacks')
  await context.close()
})
