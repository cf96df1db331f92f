import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enterAs, fillInLogin, findTicket, titlesOfTickets } from './acts.ts'
import { setStage } from './stage.ts'

const stage = setStage()
const ADAS = 'Build stops at the image step'
const BENS = 'Can we have a second deploy preview?'
const CHENS = 'Which plan has sessions?'

test('a user sees their own tickets and, one click away, their company’s, and nobody else’s', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  await page.getByRole('link', { name: 'Your tickets' }).click()
  await page.getByRole('heading', { name: 'Tickets', level: 1 }).waitFor()
  assert.deepEqual(await titlesOfTickets(page), [ADAS])
  await page.getByRole('link', { name: demo.ada.company }).click()
  await page.waitForURL('**/tickets?view=company')
  assert.deepEqual(await titlesOfTickets(page), [ADAS, BENS])
  await page.context().close()
})

test('a ticket of another company is not there, as if it did not exist', async () => {
  const { demo, open } = stage
  const chens = await enterAs(await open(), demo, demo.chen)
  const address = await findTicket(chens, demo, CHENS)
  assert.equal((await chens.goto(address))?.status(), 200)
  await chens.context().close()
  const page = await enterAs(await open(), demo, demo.ada)
  assert.equal((await page.goto(address))?.status(), 404)
  const refused = await page.getByRole('main').innerText()
  assert.equal((await page.goto(`${demo.help_url}/tickets/999999`))?.status(), 404)
  const withoutId = (text: string) => text.replace(/[0-9a-f-]{36}/, '')
  assert.equal(withoutId(await page.getByRole('main').innerText()), withoutId(refused))
  await page.goto(`${demo.help_url}/tickets?view=company&q=${encodeURIComponent(CHENS)}`)
  await page.getByRole('heading', { name: 'No ticket matches' }).waitFor()
  await page.context().close()
})

test('a user opens a ticket, adds a reply, resolves it and opens it again', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  await page.goto(`${demo.help_url}/tickets`)
  await page.getByRole('link', { name: 'New ticket' }).click()
  await page.getByRole('link', { name: 'Question' }).click()
  await page.getByLabel('Title').fill('How long are sessions kept?')
  await page.getByLabel('Description').fill('First line.\nSecond line.')
  await page.getByRole('button', { name: 'Submit ticket' }).click()
  await page.getByRole('heading', { level: 1, name: 'How long are sessions kept?' }).waitFor()
  const badge = page.getByRole('main').locator('.actions').first()
  await badge.getByText('Submitted').waitFor()
  await page.getByLabel('Your reply').fill('One more thing: <b>thank you</b>')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByText('One more thing: <b>thank you</b>').waitFor()
  await page.getByRole('button', { name: 'Mark as resolved' }).click()
  await badge.getByText('Resolved').waitFor()
  await page.getByRole('button', { name: 'Reopen ticket' }).click()
  await page.getByRole('button', { name: 'Mark as resolved' }).waitFor()
  assert.equal(await badge.getByText('Resolved').count(), 0)
  const { tickets } = await demo.api<{ tickets: { contacts: { contacts: { external_id: string }[] } }[] }>('POST', '/tickets/search', {
    query: { field: 'title', operator: '=', value: 'How long are sessions kept?' },
  })
  assert.deepEqual(
    tickets.map(({ contacts }) => contacts.contacts[0]?.external_id),
    [demo.ada.user_id],
  )
  await page.context().close()
})

test('a colleague can read and answer a ticket of the company', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ben)
  await page.goto(`${demo.help_url}/tickets?view=company`)
  await page.getByRole('link', { name: ADAS }).click()
  await page.getByLabel('Your reply').fill('It is the same on my machine.')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await page.getByText('It is the same on my machine.').waitFor()
  await page.context().close()
})

test('a signed-out reader is led through the app’s own login and comes back to the ticket', async () => {
  const { demo, open } = stage
  const page = await enterAs(await open(), demo, demo.ada)
  const address = await findTicket(page, demo, ADAS)
  await page.context().clearCookies()
  await page.goto(address)
  await fillInLogin(page, demo.ada)
  await page.waitForURL(address)
  await page.getByRole('heading', { level: 1, name: ADAS }).waitFor()
  await page.context().close()
})
