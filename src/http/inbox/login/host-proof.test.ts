import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import type { HostRow } from '#shared/login-settings.ts'
import { openFindTxt } from '#platform/dns/find-txt.ts'
import { openHttpClient } from '#platform/http-client/http-client.ts'
import { openHouse, type House } from '#test/house.ts'
import { openNameServer, SERVER_FAILURE, type NameServer } from '#test/name-server.ts'
import { askingAs, openTeammate, type TeamBrowser } from '#test/team.ts'

// The host's own web server and name server, really asked; names lead where `addresses` says.
const asked: string[] = []
const addresses = new Map<string, string>()
let answer: RequestListener
let house: House
let owner: TeamBrowser
let dns: NameServer
let web: Server
let deaf: ReturnType<typeof createTcpServer>
const { tell } = askingAs(() => owner)

before(async () => {
  web = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  deaf = createTcpServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1')
  await Promise.all([once(web, 'listening'), once(deaf, 'listening')])
  dns = await openNameServer()
  const lookup = async (name: string) => [{ address: addresses.get(name) ?? '127.0.0.1', family: 4 }]
  const httpClient = openHttpClient({ allow: ['127.0.0.1/32'], ports: [portOf(web), portOf(deaf)], lookup })
  house = await openHouse({}, { httpClient, findTxt: openFindTxt({ servers: [dns.address], timeoutMs: 250 }) })
  ;({ browser: owner } = await openTeammate(house, house.tenants.acme, 'owner'))
})
beforeEach(() => {
  asked.length = 0
  answer = (_request, response) => void response.writeHead(404).end()
})
after(async () => {
  await house.close()
  web.close()
  deaf.close()
  await dns.close()
})

test('a host is served once its file, fetched from the host itself, says its line', async () => {
  const host = await want('file')
  answer = (request, response) =>
    void (request.url === '/.well-known/latchkey-host' ? response.end(`${host.proof?.file_text}\r\n`) : response.writeHead(404).end())
  assert.equal(await servedAt(host), 421)
  const proved = await check(host)
  assert.equal(proved.proved_by, 'file')
  assert.deepEqual(asked, [`${host.host}/.well-known/latchkey-host`])
  assert.notEqual(await servedAt(host), 421)
})

test('a host is served once a name server says its record, cut into pieces and beside others', async () => {
  const host = await want('record')
  const { txt_name = '', txt_value = '' } = host.proof ?? {}
  dns.names.set(txt_name, { records: [['v=spf1 -all'], [txt_value.slice(0, 9), txt_value.slice(9)]] })
  assert.equal((await check(host)).proved_by, 'dns')
  assert.notEqual(await servedAt(host), 421)
})

const REFUSED: [
  string,
  { leads?: string; scheme?: 'https'; at?: () => Server; answer?: (line: string) => RequestListener; says: RegExp },
][] = [
  ['is not there', { says: /It answers 404/ }],
  ['is there, but as an error', { answer: (line) => (_, response) => void response.writeHead(500).end(line), says: /It answers 500/ }],
  ['says something else', { answer: () => (_, response) => void response.end('latchkey-host=x'), says: /says “latchkey-host=x”/ }],
  ['is a page that holds the line', { answer: (line) => (_, response) => void response.end(`<p>${line}</p>`), says: /says “<p>/ }],
  [
    'is somewhere else, by a redirect',
    {
      answer: (line) => (request, response) =>
        void (request.url === '/line' ? response.end(line) : response.writeHead(302, { location: '/line' }).end(line)),
      says: /redirects \(302\)/,
    },
  ],
  ['is huge', { answer: (line) => (_, response) => void response.end(line + ' '.repeat(5000)), says: /larger than is taken/ }],
  [
    'never ends',
    {
      answer: (line) => (_, response) => {
        const more = () => void (response.write(line) ? setImmediate(more) : response.once('drain', more))
        response.once('close', () => response.destroy())
        more()
      },
      says: /larger than is taken/,
    },
  ],
  [
    'is at a private address',
    { leads: '10.0.0.7', answer: (line) => (_, response) => void response.end(line), says: /10\.0\.0\.7, which is not/ },
  ],
  ['is at the cloud’s metadata', { leads: '169.254.169.254', says: /169\.254\.169\.254, which is not/ }],
  ['is asked for over TLS that is none', { scheme: 'https', says: /TLS|certificate/i }],
  ['is asked for where no web server is', { at: () => deaf as Server, says: /HTTP|connect/i }],
]
for (const [index, [flaw, { leads, scheme, at = () => web, answer: publish, says }]] of REFUSED.entries())
  test(`a host whose file ${flaw} is not served, and its owner reads why`, async () => {
    const host = await want(`flaw-${index}`, { scheme, server: at() })
    if (leads) addresses.set(new URL(host.origin).hostname, leads)
    if (publish) answer = publish(host.proof?.file_text ?? '')
    const found = await check(host)
    assert.equal(found.proved_by, null)
    assert.match(found.proof?.file_answer ?? '', says)
    assert.ok((found.proof?.file_answer ?? '').length < 300)
    assert.equal(await servedAt(host), 421)
    if (leads) assert.deepEqual(asked, [])
    assert.ok(!asked.some((address) => address.endsWith('/line')), 'a redirect was followed')
  })

test('a record is looked for at the host’s own name, and what the name server said instead is told', async () => {
  const host = await want('elsewhere')
  dns.names.set('_latchkey.acme.test', { records: [[host.proof?.txt_value ?? '']] })
  assert.match((await check(host)).proof?.dns_answer ?? '', /no TXT record yet/)
  dns.names.set(host.proof?.txt_name ?? '', { records: [['latchkey-host=another']] })
  assert.match((await check(host)).proof?.dns_answer ?? '', /says “latchkey-host=another”/)
  dns.names.set(host.proof?.txt_name ?? '', { code: SERVER_FAILURE })
  assert.match((await check(host)).proof?.dns_answer ?? '', /did not answer \(ESERVFAIL\)/)
  dns.names.set(host.proof?.txt_name ?? '', 'silence')
  assert.match((await check(host)).proof?.dns_answer ?? '', /did not answer \(ETIMEOUT\)/)
  assert.equal(await servedAt(host), 421)
})

async function want(
  name: string,
  { scheme = 'http', server = web }: { scheme?: 'http' | 'https' | undefined; server?: Server } = {},
): Promise<HostRow> {
  return tell<HostRow>('POST', '/app/login/hosts', { address: `${scheme}://${name}.acme.test:${portOf(server)}` })
}

async function check({ host }: HostRow): Promise<HostRow> {
  house.pass(60_000)
  return tell<HostRow>('POST', `/app/login/hosts/${encodeURIComponent(host)}/checks`, {})
}

async function servedAt({ host }: HostRow): Promise<number> {
  house.pass(1001)
  return (await house.get('/en', { headers: { host } })).statusCode
}

function portOf(server: { address(): string | AddressInfo | null }): number {
  return (server.address() as AddressInfo).port
}
