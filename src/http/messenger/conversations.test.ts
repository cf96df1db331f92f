import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ContactId } from '#db/columns.ts'
import { getConversation, unreadCount } from '#domain/conversations/conversations.ts'
import { appendPart, listParts } from '#domain/conversations/parts.ts'
import type { ConversationAnswer, ConversationsAnswer, NewPartAnswer } from '#shared/messenger.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const admin = { type: 'admin', id: '1' } as const

async function openChat(browser: Browser, body = 'Hello?', client_id = crypto.randomUUID()): Promise<NewPartAnswer> {
  const response = await browser.post('/messenger/conversations', { client_id, body })
  assert.equal(response.statusCode, 200, response.body)
  return response.json()
}

async function signedIn(user_id: string, tenant = house.tenants.acme): Promise<Browser> {
  const browser = house.browser(tenant)
  assert.equal((await browser.boot({ user_id })).statusCode, 200)
  return browser
}

async function say(id: string, part_type: 'comment' | 'note' | 'close', body: string | null) {
  return appendPart(house.db, await getConversation(house.db, house.acme, id), { part_type, body, author: admin }, house.now())
}

test('fifty sends of one first message at once open one conversation', async () => {
  const browser = await signedIn('fifty')
  const client_id = crypto.randomUUID()
  const answers = await Promise.all(Array.from({ length: 50 }, () => browser.post('/messenger/conversations', { client_id, body: 'Once' })))
  assert.deepEqual([...new Set(answers.map((answer) => answer.statusCode))], [200])
  assert.equal(new Set(answers.map((answer) => answer.json<NewPartAnswer>().part.id)).size, 1)
  const { conversations } = (await browser.get('/messenger/conversations')).json<ConversationsAnswer>()
  assert.deepEqual(
    conversations.map(({ last_sequence }) => last_sequence),
    [1],
  )
})

test('fifty replies at once, each sent twice, are fifty parts numbered without a gap', async () => {
  const { conversation } = await openChat(await signedIn('gapless'))
  const standing = await getConversation(house.db, house.acme, conversation.id)
  const author = { type: 'user', id: standing.contact_id } as const
  const sends = Array.from(
    { length: 100 },
    (_, index) => ({ part_type: 'comment', body: '<p>x</p>', author, client_id: `c${index % 50}` }) as const,
  )
  await Promise.all(sends.map((part) => appendPart(house.db, standing, part, house.now())))
  const parts = await listParts(house.db, standing, { notes: true })
  assert.deepEqual(
    parts.map(({ sequence }) => sequence),
    Array.from({ length: 51 }, (_, index) => index + 1),
  )
  const told = await house.db.selectFrom('events').select('id').where('conversation_id', '=', standing.id).execute()
  assert.equal(told.length, 51)
})

test('a note appears nowhere a contact looks', async () => {
  const browser = await signedIn('noted')
  const { conversation } = await openChat(browser)
  await say(conversation.id, 'note', '<p>secret note</p>')
  const list = await browser.get('/messenger/conversations')
  const one = await browser.get(`/messenger/conversations/${conversation.id}`)
  assert.doesNotMatch(list.body + one.body, /secret note|"note"/)
  assert.equal(list.json<ConversationsAnswer>().unread_count, 0)
  assert.deepEqual(one.json<ConversationAnswer>().conversation, conversation)
})

test('a reply is unread until it was seen, and stays seen', async () => {
  const browser = await signedIn('reader')
  const { conversation } = await openChat(browser)
  await say(conversation.id, 'comment', '<p>Hi</p>')
  assert.equal((await browser.get('/messenger/conversations')).json<ConversationsAnswer>().unread_count, 1)
  const path = `/messenger/conversations/${conversation.id}/seen`
  assert.deepEqual((await browser.put(path, { sequence: 2 })).json(), { unread_count: 0 })
  assert.deepEqual((await browser.put(path, { sequence: 1 })).json(), { unread_count: 0 })
})

test('a reply to a closed conversation reopens it and starts the wait; an answer ends the wait', async () => {
  const browser = await signedIn('reopener')
  const { conversation } = await openChat(browser)
  await say(conversation.id, 'comment', '<p>Done</p>')
  await say(conversation.id, 'close', null)
  assert.equal((await getConversation(house.db, house.acme, conversation.id)).state, 'closed')
  const sent = (
    await browser.post(`/messenger/conversations/${conversation.id}/parts`, {
      client_id: 'again',
      body: 'Not <b>yet</b>\nhttps://acme.test/?a=1&b=2.',
    })
  ).json<NewPartAnswer>()
  assert.equal(sent.part.part_type, 'open')
  assert.equal(
    sent.part.body,
    '<p>Not &lt;b&gt;yet&lt;/b&gt;<br><a href="https://acme.test/?a=1&amp;b=2" rel="noopener">https://acme.test/?a=1&amp;b=2</a>.</p>',
  )
  assert.equal(sent.conversation.state, 'open')
  assert.equal((await getConversation(house.db, house.acme, conversation.id)).waiting_since, house.now())
  await say(conversation.id, 'comment', '<p>Now</p>')
  assert.equal((await getConversation(house.db, house.acme, conversation.id)).waiting_since, null)
})

test('somebody else’s conversation and another workspace’s are not there', async () => {
  const { conversation } = await openChat(await signedIn('owner'))
  const strangers = [await signedIn('stranger'), await signedIn('owner', house.tenants.globex), house.browser()]
  await strangers[0]?.post('/messenger/conversations', { client_id: 'own', body: 'Mine' })
  await strangers[2]?.boot()
  for (const browser of strangers) {
    const path = `/messenger/conversations/${conversation.id}`
    const answers = [
      await browser.get(path),
      await browser.post(`${path}/parts`, { client_id: 'x', body: 'Me too' }),
      await browser.put(`${path}/seen`, { sequence: 1 }),
    ]
    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      [404, 404, 404],
    )
  }
  const parts = await listParts(house.db, await getConversation(house.db, house.acme, conversation.id), { notes: true })
  assert.equal(parts.length, 1)
})

test('a visitor is a contact from the first message on, and the conversation follows when they sign in', async () => {
  const browser = house.browser()
  const { visitor_id } = (await browser.boot()).json<{ visitor_id: ContactId }>()
  const count = () => house.db.selectFrom('contacts').select('id').where('id', '=', visitor_id).execute()
  assert.equal((await browser.post('/messenger/events', { event_name: 'looked' })).statusCode, 202)
  assert.equal((await count()).length, 0)
  const { conversation } = await openChat(browser)
  assert.equal((await count()).length, 1)
  assert.equal((await browser.post('/messenger/events', { event_name: 'asked', metadata: { plan: 'pro' } })).statusCode, 202)
  await browser.boot({ user_id: 'was-visitor' })
  assert.equal((await count()).length, 0)
  const { conversation: followed, parts } = (await browser.get(`/messenger/conversations/${conversation.id}`)).json<ConversationAnswer>()
  assert.equal(followed.id, conversation.id)
  assert.deepEqual(
    parts.map(({ author }) => [author.type, author.is_me]),
    [['user', true]],
  )
  const { contact_id } = await getConversation(house.db, house.acme, conversation.id)
  const tracked = await house.db.selectFrom('tracked_events').selectAll().where('contact_id', '=', contact_id).execute()
  assert.deepEqual(
    tracked.map(({ event_name }) => event_name),
    ['asked'],
  )
  assert.equal(await unreadCount(house.db, house.acme, contact_id), 0)
})

for (const [flaw, body] of [
  ['says nothing', { client_id: 'a', body: ' \n ' }],
  ['has no client_id', { body: 'Hello' }],
  ['is longer than 10,000 characters', { client_id: 'a', body: 'x'.repeat(10_001) }],
] as const) {
  test(`a message that ${flaw} is refused and leaves nothing behind`, async () => {
    const browser = await signedIn('refused')
    assert.equal((await browser.post('/messenger/conversations', body)).statusCode, 400)
    assert.deepEqual((await browser.get('/messenger/conversations')).json<ConversationsAnswer>().conversations, [])
  })
}

test('who is nobody here is told so, and a page of another origin may not ask', async () => {
  const browser = house.browser()
  assert.equal((await browser.get('/messenger/conversations')).statusCode, 401)
  const user = await signedIn('cors')
  assert.equal(
    (await user.post('/messenger/conversations', { client_id: 'a', body: 'Hi' }, { origin: 'https://evil.test' })).statusCode,
    403,
  )
})

test('messages beyond sixty a minute wait as long as Retry-After says', async () => {
  const browser = await signedIn('fast')
  const { conversation } = await openChat(browser)
  const send = (client_id: string) => browser.post(`/messenger/conversations/${conversation.id}/parts`, { client_id, body: 'Hi' })
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => send(`c${index}`)))
  const refused = answers.filter((answer) => answer.statusCode === 429)
  assert.equal(refused.length, 1)
  assert.ok(Number(refused[0]?.headers['retry-after']) > 0)
})
