import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { after, before, test } from 'node:test'
import { asFetch, FetchFault } from './as-fetch.ts'
import { openHttpClient, type HttpClient, type HttpFault, type Lookup } from './http-client.ts'

const ASKED: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = []
const behaviours: Record<string, RequestListener> = {
  '/': (_request, response) => void response.setHeader('content-type', 'text/plain').end('hello'),
  '/big': (_request, response) => void response.end(Buffer.alloc(64 * 1024 + 1)),
  '/endless': (_request, response) => {
    const more = () => void (response.write(Buffer.alloc(16 * 1024)) ? setImmediate(more) : response.once('drain', more))
    response.once('close', () => response.destroy())
    more()
  },
  '/moved': (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end('gone'),
  '/never': () => undefined,
  '/half': (_request, response) => void response.write('so far'),
  '/torn': (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy()),
  '/empty': (_request, response) => void response.writeHead(204).end(),
}

let server: Server
let port: number
before(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      ASKED.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      behaviours[(request.url ?? '').split('?', 1)[0] ?? '']?.(request, response)
    })
  })
  port = await listen(server)
})
after(() => server.close())

test('it brings status, headers, body and the address that answered', async () => {
  const answer = await local().fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/plain' } })
  assert.ok(answer.ok)
  assert.deepEqual(
    [answer.status, answer.headers['content-type'], answer.body.toString(), answer.address],
    [200, 'text/plain', 'hello', '127.0.0.1'],
  )
})

test('it sends what it is told, says what it is, and asks for nothing compressed', async () => {
  await local().fetch(`http://127.0.0.1:${port}/?a=b`, { method: 'POST', body: 'x=1', headers: { 'content-type': 'text/plain' } })
  const asked = ASKED.at(-1)
  assert.deepEqual([asked?.method, asked?.url, asked?.body], ['POST', '/?a=b', 'x=1'])
  assert.deepEqual([asked?.headers['user-agent'], asked?.headers['accept-encoding']], ['Latchkey', 'identity'])
})

const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '①②⑦.⓪.⓪.①',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  'localhost',
  'LOCALHOST.',
]
for (const host of SPELLINGS)
  test(`loopback spelled ${host} is not asked`, async () => {
    const before = ASKED.length
    const lookup: Lookup = async () => [{ address: '127.0.0.1', family: 4 }]
    const answer = await openHttpClient({ allow: [], ports: [port], lookup }).fetch(`http://${host}:${port}/`)
    assert.equal(faultOf(answer), 'address_not_allowed')
    assert.equal(ASKED.length, before)
  })

for (const [flaw, url] of [
  ['another scheme', 'ftp://example.com/'],
  ['a file', 'file:///etc/passwd'],
  ['a script', 'data:text/plain,x'],
  ['another port', 'https://example.com:8443/'],
  ['a user name', 'https://ada@example.com/'],
  ['a password', 'https://:secret@example.com/'],
  ['no host', 'https://'],
  ['an address cut off', '//example.com/'],
  ['nothing', ''],
  ['a host nobody can have', 'http://127.0.0.1.2.3/'],
] as const)
  test(`an address with ${flaw} is not asked`, async () => {
    const lookup: Lookup = async () => assert.fail('It was resolved.')
    assert.equal(faultOf(await openHttpClient({ allow: [], lookup }).fetch(url)), 'url_not_allowed')
  })

test('a name is asked only if every address it has is public', async () => {
  const lookup: Lookup = async () => [
    { address: '93.184.215.14', family: 4 },
    { address: '10.0.0.7', family: 4 },
  ]
  const answer = await openHttpClient({ allow: [], lookup }).fetch('http://rebound.example/')
  assert.equal(faultOf(answer), 'address_not_allowed')
  assert.match(detailOf(answer), /rebound\.example leads to 10\.0\.0\.7/)
})

test('a name that turns private between two questions is refused, and connections go to the address that was checked', async () => {
  const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '127.0.0.2', family: 4 }]]
  let resolved = 0
  const lookup: Lookup = async () => answers[resolved++] ?? assert.fail('A question is resolved once.')
  const client = openHttpClient({ allow: ['127.0.0.1/32'], ports: [port], lookup })
  const first = await client.fetch(`http://idp.example:${port}/`)
  assert.ok(first.ok && first.address === '127.0.0.1')
  assert.equal(ASKED.at(-1)?.headers['host'], `idp.example:${port}`)
  assert.equal(faultOf(await client.fetch(`http://idp.example:${port}/`)), 'address_not_allowed')
  assert.equal(resolved, 2)
})

test('a redirect is a fault and is not followed; whoever wants it gets it as an answer', async () => {
  const answer = await local().fetch(`http://127.0.0.1:${port}/moved`)
  assert.equal(faultOf(answer), 'redirect')
  assert.match(detailOf(answer), /302.*169\.254\.169\.254/)
  const reported = await local().fetch(`http://127.0.0.1:${port}/moved`, { redirect: 'report' })
  assert.ok(reported.ok && reported.status === 302 && reported.headers['location'] === 'http://169.254.169.254/')
})

for (const [fault, path] of [
  ['too_large', '/big'],
  ['too_large', '/endless'],
  ['connect', '/torn'],
] as const)
  test(`${path} is ${fault}`, async () => assert.equal(faultOf(await local().fetch(`http://127.0.0.1:${port}${path}`)), fault))

for (const path of ['/never', '/half'])
  test(`${path} runs out of time`, async () => {
    assert.equal(faultOf(await local().fetch(`http://127.0.0.1:${port}${path}`, { timeoutMs: 50 })), 'timeout')
  })

test('a resolver that hangs runs out of time', async () => {
  const lookup: Lookup = () => new Promise(() => undefined)
  assert.equal(faultOf(await openHttpClient({ allow: [], lookup }).fetch('https://example.com/', { timeoutMs: 50 })), 'timeout')
})

test('who does not answer, or not as HTTP or TLS, is named so', async () => {
  const deaf = createTcpServer(
    (socket) =>
      void socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-OpenSSH\r\n'),
  )
  const ssh = await listen(deaf)
  assert.equal(faultOf(await local(ssh).fetch(`http://127.0.0.1:${ssh}/`)), 'connect')
  assert.equal(faultOf(await local(ssh).fetch(`https://127.0.0.1:${ssh}/`)), 'tls')
  deaf.close()
  await once(deaf, 'close')
  assert.equal(faultOf(await local(ssh).fetch(`http://127.0.0.1:${ssh}/`)), 'connect')
  const lookup: Lookup = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  assert.equal(faultOf(await openHttpClient({ allow: [], lookup }).fetch('https://nowhere.example/')), 'dns')
  assert.equal(faultOf(await openHttpClient({ allow: [], lookup: async () => [] }).fetch('https://nowhere.example/')), 'dns')
})

test('a mistake of ours is thrown', async () => {
  await assert.rejects(local().fetch(`http://127.0.0.1:${port}/`, { headers: { 'bad name': 'x' } }))
  const lookup: Lookup = () => Promise.reject(new Error('a broken resolver'))
  await assert.rejects(openHttpClient({ allow: [], lookup }).fetch('https://example.com/'), { message: 'a broken resolver' })
})

test('in the shape of fetch it answers a Response, and throws the fault', async () => {
  const fetch = asFetch(local())
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ code: 'a b' }),
  }
  const response = await fetch(`http://127.0.0.1:${port}/`, options)
  assert.deepEqual([response.status, await response.text(), ASKED.at(-1)?.body], [200, 'hello', 'code=a+b'])
  assert.equal((await fetch(`http://127.0.0.1:${port}/empty`, {})).status, 204)
  assert.equal((await fetch(`http://127.0.0.1:${port}/moved`, {})).headers.get('location'), 'http://169.254.169.254/')
  await assert.rejects(fetch('http://10.0.0.1/', {}), (error) => error instanceof FetchFault && error.fault.fault === 'address_not_allowed')
})

function local(...ports: number[]): HttpClient {
  return openHttpClient({ allow: ['127.0.0.0/8'], ports: [port, ...ports] })
}

function faultOf(answer: { ok: true } | HttpFault): string {
  return answer.ok ? 'no fault' : answer.fault
}

function detailOf(answer: { ok: true } | HttpFault): string {
  return answer.ok ? '' : answer.detail
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
