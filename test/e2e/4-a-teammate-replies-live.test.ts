import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerAsTeammate,
  enterAs,
  findConversation,
  findTicket,
  launcherOf,
  messengerOf,
  say,
  startConversation,
  unreadLauncherOf,
} from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()

test('a teammate’s answer appears in the open conversation without a reload, in order and once', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const messenger = await startConversation(page, 'Is anybody there?')
  const conversation = await findConversation(demo, 'Is anybody there?')
  const log = messenger.getByRole('log')
  await answerAsTeammate(demo, conversation, 'Yes, we are.')
  await log.getByText('Yes, we are.').waitFor()
  await say(messenger, 'Wonderful.')
  await answerAsTeammate(demo, conversation, 'What can we do?')
  await log.getByText('What can we do?').waitFor()
  assert.deepEqual(await log.locator('.bubble').allInnerTexts(), ['Is anybody there?', 'Yes, we are.', 'Wonderful.', 'What can we do?'])
  await page.context().close()
})

test('a note among teammates never reaches the user', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ben)
  const messenger = await startConversation(page, 'May I have a discount?')
  const conversation = await findConversation(demo, 'May I have a discount?')
  await answerAsTeammate(demo, conversation, 'He asks every week.', 'note')
  await answerAsTeammate(demo, conversation, 'We will see.')
  await messenger.getByRole('log').getByText('We will see.').waitFor()
  assert.deepEqual(await messenger.getByRole('log').locator('.bubble').allInnerTexts(), ['May I have a discount?', 'We will see.'])
  await page.context().close()
})

test('while the Messenger is closed the launcher counts the answers, and reading them takes the count away', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.chen)
  const messenger = await startConversation(page, 'Please call me back.')
  const conversation = await findConversation(demo, 'Please call me back.')
  await messenger.getByRole('button', { name: 'Close' }).click()
  await answerAsTeammate(demo, conversation, 'We will call at noon.')
  await unreadLauncherOf(page, 1).waitFor()
  await answerAsTeammate(demo, conversation, 'Or a little later.')
  await unreadLauncherOf(page, 2).waitFor()
  await page.reload()
  await unreadLauncherOf(page, 2).click()
  await messengerOf(page).getByRole('button', { name: 'Or a little later.' }).click()
  await messengerOf(page).getByRole('log').getByText('We will call at noon.').waitFor()
  await eventually(() => launcherOf(page).getAttribute('aria-label'), 'Messenger')
  await page.reload()
  await launcherOf(page).waitFor()
  assert.equal(await launcherOf(page).getAttribute('aria-label'), 'Messenger')
  await page.context().close()
})

test('a ticket that a teammate answers and moves on shows both in the portal', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.chen)
  const address = await findTicket(page, demo, 'Which plan has sessions?')
  await page.goto(address)
  const badge = page.getByRole('main').locator('.actions').first()
  await badge.getByText('Submitted').waitFor()
  const { tickets } = await demo.api<{ tickets: { id: string; ticket_id: string }[] }>('POST', '/tickets/search', {
    query: { field: 'title', operator: '=', value: 'Which plan has sessions?' },
  })
  const [ticket] = tickets
  assert.equal(ticket?.ticket_id, address.split('/').at(-1))
  const { data: states } = await demo.api<{ data: { id: string; category: string }[] }>('GET', '/ticket_states')
  await demo.api('POST', `/tickets/${ticket?.id}/reply`, { type: 'admin', message_type: 'note', body: '<p>Not a big customer.</p>' })
  await demo.api('POST', `/tickets/${ticket?.id}/reply`, { type: 'admin', message_type: 'comment', body: '<p>The plan pro has them.</p>' })
  await demo.api('PUT', `/tickets/${ticket?.id}`, {
    ticket_state_id: states.find(({ category }) => category === 'waiting_on_customer')?.id,
  })
  await page.reload()
  await badge.getByText('Waiting on you').waitFor()
  await page.getByText('The plan pro has them.').waitFor()
  assert.ok(!(await page.content()).includes('Not a big customer.'))
  await page.context().close()
})
