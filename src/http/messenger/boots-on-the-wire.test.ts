import assert from 'node:assert/strict'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ada } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
let words: string
let cookie: string
/** Ada's boot is repeated from here on. */
before(async () => {
  house = await openHouse()
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = house.browser()
  const token = house.jwt(ada)
  words = JSON.stringify({ app_id: 'acme', intercom_user_jwt: token })
  await browser.boot(token)
  cookie = `__Host-latchkey=${browser.cookies.get('__Host-latchkey')}`
  for (let time = 0; time < 2; time++) await say([post() + words])
})
after(() => house.close())

function post(headers: Record<string, string | number> = {}): string {
  const all = {
    ...{ host: 'help.acme.test', origin: 'https://app.acme.test', cookie, 'content-type': 'application/json' },
    ...(headers['transfer-encoding'] === undefined && { 'content-length': Buffer.byteLength(words) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST /messenger/boot HTTP/1.1\r\n${lines.join('')}\r\n`
}

function open(): Socket {
  const { port } = house.app.server.address() as AddressInfo
  return connect(port, '127.0.0.1')
    .setNoDelay()
    .on('error', () => {})
}

/** What comes back by the end of the connection, which the last of the requests asks for. */
async function say(parts: string[]): Promise<string> {
  const socket = open()
  for (const part of parts) {
    socket.write(part)
    await sleep(1)
  }
  const get = { host: 'help.acme.test', connection: 'close' }
  const lines = Object.entries(get).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET /messenger/probe HTTP/1.1\r\n${lines.join('')}\r\n`)
  return (await socket.toArray()).join('')
}

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
const people = (answer: string) => [...answer.matchAll(/"user_id":"(\w+)"/g)].map(([, id]) => id)

for (const [how, parts, judged] of [
  ['in one piece', () => [post() + words], 0],
  ['in many pieces', () => [post(), ...words], 0],
  ['after a 100 Continue', () => [post({ expect: '100-continue' }), words], 0],
  [
    'in chunks without a length, and so is judged anew,',
    () => [post({ 'transfer-encoding': 'chunked' }), `${words.length.toString(16)}\r\n${words}\r\n0\r\n\r\n`],
    1,
  ],
] as const)
  test(`a repeated boot that comes ${how} is answered, and the connection goes on`, async (t) => {
    const { mock } = t.mock.method(house.app.keyring, 'keysOf')
    const answer = await say([...parts()])
    assert.deepEqual(
      statuses(answer).filter((status) => status !== 100),
      [200, 200],
    )
    assert.deepEqual(people(answer), ['ada'])
    assert.equal(Math.min(mock.callCount(), 1), judged)
  })

test('boots that are sent without waiting for answers are answered one after the other', async () => {
  const other = words.replace('"acme"', '"nope"')
  const answer = await say([post() + words + post() + other + post() + words])
  assert.deepEqual(statuses(answer).slice(0, 3), [200, 401, 200])
  assert.deepEqual(people(answer), ['ada', 'ada'])
})

for (const [how, leave] of [
  ['in the middle of its words', (socket: Socket) => void socket.write(post() + words.slice(0, 50), () => socket.resetAndDestroy())],
  ['before its answer', (socket: Socket) => void socket.write(post() + words, () => socket.resetAndDestroy())],
  ['saying that nothing more comes', (socket: Socket) => void socket.end(post() + words)],
  ['with chunks that are none', (socket: Socket) => void socket.end(`${post({ 'transfer-encoding': 'chunked' })}5\r\nabczzzzz\r\n`)],
] as const)
  test(`a browser that goes away ${how} harms nobody else`, async () => {
    for (let time = 0; time < 5; time++) {
      const socket = open().resume()
      const closed = new Promise((resolve) => socket.once('close', resolve))
      leave(socket)
      await closed
    }
    assert.deepEqual(people(await say([post() + words])), ['ada'])
  })

for (const [what, said, status] of [
  ['nothing', '', 400],
  ['no JSON', '{', 400],
  ['no text', '"\xff"', 400],
] as const)
  test(`a browser with a session that says ${what} is refused like any other`, async () => {
    const withSession = await say([post({ 'content-length': Buffer.byteLength(said) }) + said])
    const without = await say([post({ 'content-length': Buffer.byteLength(said), cookie: 'a=b' }) + said])
    assert.deepEqual([statuses(withSession)[0], statuses(without)[0]], [status, status])
  })

test('a boot whose answer cannot be looked up is a failure of that one alone', async (t) => {
  const { mock } = t.mock.method(house.app.keyring, 'knownKeysOf', () => {
    throw new Error('disk failure')
  })
  const answer = await say([post() + words])
  mock.restore()
  assert.equal(statuses(answer)[0], 500)
  assert.deepEqual(people(await say([post() + words])), ['ada'])
})

test('a server that closes lets repeated boots end that have begun', async () => {
  const begun = open()
  begun.write(post({ connection: 'close' }) + words.slice(0, 20))
  await sleep(50)
  const closing = house.app.close()
  await sleep(50)
  begun.write(words.slice(20))
  const answer = (await begun.toArray()).join('')
  assert.deepEqual([statuses(answer), people(answer)], [[200], ['ada']])
  await closing
})
