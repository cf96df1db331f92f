import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { getConversation } from '#domain/conversations/conversations.ts'
import { appendPart } from '#domain/conversations/parts.ts'
import { pruneEvents } from '#domain/events/events.ts'
import type { NewPartAnswer } from '#shared/messenger.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.app.listen({ port: 0, host: '127.0.0.1' })
})
after(() => house.close())

interface Heard {
  event: string
  id: number
  data: Record<string, unknown>
}

interface Listening {
  heard: Heard[]
  status: number
  until(isThere: (heard: Heard[]) => boolean): Promise<Heard[]>
  cut(): Promise<void>
  isOver(): boolean
}

async function listen(browser: Browser, from?: number): Promise<Listening> {
  const { port } = house.app.server.address() as AddressInfo
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const path = `/messenger/stream${from === undefined ? '' : `?after=${from}`}`
  const asked = request({
    port,
    host: '127.0.0.1',
    path,
    headers: { host: 'help.acme.test', origin: house.tenants.acme.app, cookie },
  }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const heard: Heard[] = []
  let text = ''
  response
    .setEncoding('utf8')
    .on('error', () => {})
    .on('data', (chunk: string) => {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) heard.push(parse(block))
    })
  return {
    heard,
    status: response.statusCode ?? 0,
    async until(isThere) {
      for (let waited = 0; !isThere(heard) && waited < 6000; waited += 10) await sleep(10)
      assert.ok(isThere(heard), JSON.stringify(heard))
      return heard
    },
    async cut() {
      asked.destroy()
      await sleep(20)
    },
    isOver: () => response.complete,
  }
}

function parse(block: string): Heard {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  return { event: field('event') ?? '', id: Number(field('id')), data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> }
}

const changes = (heard: Heard[]) => heard.filter(({ event }) => event === 'change')

async function chatOf(user_id: string) {
  const browser = house.browser()
  await browser.boot({ user_id })
  const { conversation } = (await browser.post('/messenger/conversations', { client_id: 'first', body: 'Hello?' })).json<NewPartAnswer>()
  const say = async (part_type: 'comment' | 'note', body = '<p>Hi</p>') => {
    const standing = await getConversation(house.db, house.acme, conversation.id)
    await appendPart(house.db, standing, { part_type, body, author: { type: 'admin', id: '1' } }, house.now())
    house.app.bell.ring(house.acme.id)
  }
  return { browser, conversation, say }
}

test('a reply is heard live, without its words; a note and another person’s reply are not heard at all', async () => {
  const [mine, other] = [await chatOf('live'), await chatOf('live-other')]
  const stream = await listen(mine.browser)
  await stream.until((heard) => heard.length === 1)
  await mine.say('note', '<p>between us</p>')
  await other.say('comment')
  await mine.say('comment', '<p>words</p>')
  const heard = await stream.until((heard) => changes(heard).length === 1)
  await sleep(300)
  assert.equal(heard[0]?.event, 'ready')
  assert.deepEqual(
    changes(heard).map(({ data }) => data),
    [{ topic: 'conversation.admin.replied', conversation_id: mine.conversation.id, last_sequence: 3, unread_count: 1 }],
  )
  assert.doesNotMatch(JSON.stringify(heard), /words|between/)
  await stream.cut()
})

test('after a cut the stream goes on where it was, nothing twice and nothing lost', async () => {
  const { browser, say } = await chatOf('resumes')
  let stream = await listen(browser)
  await stream.until((heard) => heard.length === 1)
  const ids: number[] = []
  let from = stream.heard[0]?.id ?? -1
  for (let round = 0; round < 4; round += 1) {
    await Promise.all([say('comment'), say('comment'), say('comment')])
    if (round % 2 === 0) await stream.until((heard) => changes(heard).length > 0)
    await stream.cut()
    ids.push(...changes(stream.heard).map(({ id }) => id))
    from = ids.at(-1) ?? from
    await say('comment')
    stream = await listen(browser, from)
  }
  await stream.until((heard) => ids.length + changes(heard).length >= 16)
  ids.push(...changes(stream.heard).map(({ id }) => id))
  const contact = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'resumes').executeTakeFirstOrThrow()
  const log = await house.db
    .selectFrom('events')
    .select('id')
    .where('contact_id', '=', contact.id)
    .where('topic', '=', 'conversation.admin.replied')
    .orderBy('id')
    .execute()
  assert.deepEqual(
    ids,
    log.map(({ id }) => id),
  )
  await stream.cut()
})

test('what another process appends is heard as well', async () => {
  const { browser, conversation } = await chatOf('elsewhere')
  const stream = await listen(browser)
  await stream.until((heard) => heard.length === 1)
  await sleep(300)
  await appendPart(
    house.db,
    await getConversation(house.db, house.acme, conversation.id),
    { part_type: 'comment', body: '<p>Hi</p>', author: { type: 'admin', id: '1' } },
    house.now(),
  )
  await stream.until((heard) => changes(heard).length === 1)
  await stream.cut()
})

test('a session that is gone loses its stream within seconds', async () => {
  const { browser } = await chatOf('leaves')
  const stream = await listen(browser)
  await stream.until((heard) => heard.length === 1)
  await browser.shutdown()
  await stream.until((heard) => heard.at(-1)?.event === 'session_ended')
  await sleep(50)
  assert.ok(stream.isOver())
  assert.equal((await listen(browser)).status, 401)
})

test('a session that ran out loses its stream without anybody ringing', async () => {
  const { browser } = await chatOf('runs-out')
  const stream = await listen(browser)
  await stream.until((heard) => heard.length === 1)
  const contact = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'runs-out').executeTakeFirstOrThrow()
  await house.db.updateTable('sessions').set({ expires_at: house.now() }).where('contact_id', '=', contact.id).execute()
  await stream.until((heard) => heard.at(-1)?.event === 'session_ended')
})

test('a session that was handed over loses its stream once the one it ends with has run out', async () => {
  const { browser } = await chatOf('handed-over')
  const stream = await listen(browser)
  await stream.until((heard) => heard.length === 1)
  const contact = await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'handed-over').executeTakeFirstOrThrow()
  const other = house.browser()
  await other.boot({ user_id: 'handed-over' })
  const sessions = await house.db.selectFrom('sessions').select('id').where('contact_id', '=', contact.id).orderBy('id').execute()
  const [child, parent] = sessions.map(({ id }) => id)
  assert.ok(child && parent)
  await house.db.updateTable('sessions').set({ parent_session_id: parent }).where('id', '=', child).execute()
  await house.db.updateTable('sessions').set({ expires_at: house.now() }).where('id', '=', parent).execute()
  await stream.until((heard) => heard.at(-1)?.event === 'session_ended')
  assert.equal((await listen(browser)).status, 401)
})

test('a session may keep ten streams, not eleven', async () => {
  const { browser } = await chatOf('many-tabs')
  const streams: Listening[] = []
  for (let opened = 0; opened < 11; opened += 1) streams.push(await listen(browser))
  assert.deepEqual(
    streams.map(({ status }) => status),
    [...Array.from({ length: 10 }, () => 200), 429],
  )
  for (const stream of streams) await stream.cut()
})

test('an id the log no longer reaches, or never reached, is answered with resync', async () => {
  const { browser, say } = await chatOf('too-old')
  const first = await house.db
    .selectFrom('events')
    .select((events) => events.fn.min('id').as('id'))
    .executeTakeFirstOrThrow()
  await say('comment')
  await pruneEvents(house.db, house.acme, house.now() + 8 * 86_400_000)
  for (const id of [Number(first.id), 999_999]) {
    const stream = await listen(browser, id)
    const heard = await stream.until((heard) => heard.length === 2)
    assert.deepEqual(
      heard.map(({ event }) => event),
      ['ready', 'resync'],
    )
    await stream.cut()
  }
})
