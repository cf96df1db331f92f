import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enterAs, findConversation, openMessenger, startConversation, whoami } from './acts.ts'
import { setStage } from './stage.ts'

const stage = setStage()

test('who logs in to the app is known to the Messenger by the app’s own token', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const { user_id, email, name } = demo.ada
  const { role, claimed, ...known } = (await whoami(page)) ?? { role: 'nobody', claimed: true, user_id: '' }
  assert.deepEqual({ role, claimed, user_id: known.user_id }, { role: 'user', claimed: false, user_id })
  assert.ok('email' in known && known.email === email && known.name === name)
  const messenger = await openMessenger(page)
  await messenger.getByRole('heading', { name: 'Hi Ada' }).waitFor()
  await page.context().close()
})

test('the session is a cookie of the support host that no script can read', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const [cookie, ...others] = (await page.context().cookies(demo.help_url)).filter(({ name }) => name === 'latchkey')
  assert.equal(others.length, 0)
  assert.deepEqual(
    { httpOnly: cookie?.httpOnly, sameSite: cookie?.sameSite, domain: cookie?.domain },
    { httpOnly: true, sameSite: 'Lax', domain: 'help.acme.localhost' },
  )
  await page.goto(`${demo.help_url}/en`)
  assert.equal(await page.evaluate('document.cookie'), '')
  await page.context().close()
})

test('a message that a user sends reaches the teammates under the user’s name, once, and is there after a reload', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const text = 'Which engine is the fastest?'
  await startConversation(page, text)
  const { source, contacts } = await findConversation(demo, text)
  assert.equal(source.author.name, demo.ada.name)
  assert.deepEqual(
    contacts.contacts.map(({ external_id }) => external_id),
    [demo.ada.user_id],
  )
  await page.reload()
  const messenger = await openMessenger(page)
  await messenger.getByRole('button', { name: text }).click()
  const bubbles = messenger.getByRole('log').getByText(text)
  await bubbles.waitFor()
  assert.equal(await bubbles.count(), 1)
  await page.context().close()
})

test('articles can be found and read in the Messenger, those for users among them', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const messenger = await openMessenger(page)
  await messenger.getByRole('button', { name: 'Help', exact: true }).click()
  await messenger.getByLabel('Search for help').fill('sessions')
  await messenger.getByRole('button', { name: /^Sessions\b/ }).click()
  await messenger.getByRole('article').getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
  assert.equal(await messenger.getByRole('link', { name: 'Open in the Help Center' }).count(), 1)
  await page.context().close()
})
