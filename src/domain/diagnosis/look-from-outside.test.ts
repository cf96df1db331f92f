import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults, type FaultCode } from '#domain/diagnosis/faults.ts'
import { lookFromOutside } from '#domain/diagnosis/look-from-outside.ts'
import { answerOf, networkTo, type Way } from '#test/broken-way.ts'
import { ada } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.change({ login_url: 'https://app.acme.test/login' })
})
after(() => house.close())

const isApp = ({ host }: URL) => host === 'app.acme.test'
const dated = (ahead = 0) => ({ date: new Date(house.now() + ahead).toUTCString() })
const plainHttp = ({ url }: { url: URL }) => (url.protocol === 'http:' ? answerOf(301, { location: `https://${url.host}/` }) : undefined)

/** A good app and a good redirect, unless `way` answers before them. */
async function look(way: Way = {}, { app = 'https://app.acme.test/', host = 'https://help.acme.test' } = {}) {
  // The probe answers so many times a minute.
  house.pass(60_000)
  const client = networkTo(house, {
    ...way,
    instead: (exchange) => way.instead?.(exchange) ?? plainHttp(exchange) ?? (isApp(exchange.url) ? answerOf(200, dated()) : undefined),
  })
  return lookFromOutside({ client, host, app, now: house.now })
}

test('a good way to the support host passes every check', async () => {
  const found = await look()
  assert.deepEqual(
    found.filter(({ state }) => state !== 'ok'),
    [],
  )
  assert.deepEqual(new Set(found.map(({ id }) => id)).size, 16)
})

const kept = new Map<string, ReturnType<typeof answerOf>>()

const broken: [flaw: string, code: FaultCode, way: Way, options?: { app?: string; host?: string }][] = [
  ['a proxy that drops Cookie', 'cookie_dropped', { inward: ({ headers }) => void delete headers['cookie'] }],
  ['a proxy that drops Set-Cookie', 'set_cookie_dropped', { outward: ({ headers }) => void delete headers['set-cookie'] }],
  [
    'a proxy that adds Domain to cookies',
    'set_cookie_changed',
    { outward: ({ headers }) => void (headers['set-cookie'] = `${headers['set-cookie']}; Domain=acme.test`) },
  ],
  [
    'a proxy that takes Secure from cookies',
    'set_cookie_changed',
    { outward: ({ headers }) => void (headers['set-cookie'] = String(headers['set-cookie']).replaceAll('; Secure', '')) },
  ],
  [
    'a proxy that renames our cookies',
    'set_cookie_changed',
    { outward: ({ headers }) => void (headers['set-cookie'] = String(headers['set-cookie']).replaceAll('__Host-', '')) },
  ],
  [
    'a proxy that drops Access-Control-Allow-Credentials',
    'cors_headers_dropped',
    { outward: ({ headers }, { method }) => void (method === 'POST' && delete headers['access-control-allow-credentials']) },
  ],
  [
    'a proxy that follows redirects',
    'redirects_followed',
    { outward: (answer) => void (answer.status === 303 && (answer.status = 200) && delete answer.headers['location']) },
  ],
  [
    'a password of the proxy, or a challenge',
    'not_latchkey',
    { instead: ({ url }) => (isApp(url) ? undefined : answerOf(401, { 'www-authenticate': 'Basic' }, 'Password?')) },
  ],
  [
    'a cache that keeps pages',
    'pages_cached',
    {
      instead: ({ url }) => (url.pathname === '/' || url.pathname === '/en' ? kept.get(url.href) : undefined),
      outward: (answer, { url }) => void kept.set(url.href, answer),
    },
  ],
  [
    'a cache that says so',
    'pages_cached',
    { outward: ({ headers }, { url }) => void (url.pathname === '/' && (headers['x-cache'] = 'HIT')) },
  ],
  ['a proxy with a Host of its own', 'host_replaced', { inward: ({ headers }) => void (headers['host'] = '127.0.0.1:4000') }],
  ['a proxy that asks for another workspace', 'host_replaced', { inward: ({ headers }) => void (headers['host'] = 'help.globex.test') }],
  ['a proxy that drops Origin', 'origin_stripped', { inward: ({ headers }) => void delete headers['origin'] }],
  [
    'a proxy that answers OPTIONS itself',
    'cors_headers_dropped',
    { instead: ({ method }) => (method === 'OPTIONS' ? answerOf(204, { 'access-control-allow-origin': '*' }) : undefined) },
  ],
  [
    'a proxy that rewrites Cache-Control',
    'headers_stripped',
    { outward: ({ headers }) => void (headers['cache-control'] = 'public, max-age=600') },
  ],
  [
    'a proxy whose Latchkey is not running',
    'upstream_not_reached',
    { instead: ({ url }) => (isApp(url) ? undefined : answerOf(502, { server: 'nginx' }, '<h1>502 Bad Gateway')) },
  ],
  [
    'a CDN that lets GET pass alone',
    'post_refused',
    { instead: ({ method }) => (method === 'POST' ? answerOf(403, { server: 'CloudFront' }, '<h1>403 ERROR') : undefined) },
  ],
  [
    'a proxy that takes CORS headers from answers, though not from preflights',
    'cors_headers_dropped',
    { outward: ({ headers }, { method }) => void (method === 'POST' && delete headers['access-control-allow-origin']) },
  ],
  ['a proxy that drops query strings', 'query_dropped', { inward: ({ url }) => void (url.search = '') }],
  [
    'a proxy that takes short addresses only',
    'long_address_refused',
    { instead: ({ url }) => (url.search.length > 4000 ? answerOf(414) : undefined) },
  ],
  ['a proxy that nobody told us of', 'proxy_not_trusted', { inward: ({ headers }) => void (headers['x-forwarded-for'] = '203.0.113.7') }],
  ['an origin that is not listed', 'origin_not_listed', {}, { app: 'https://other.acme.test/' }],
  ['a host that belongs to nobody', 'host_unknown', {}, { host: 'https://www.acme.test' }],
  [
    'another web server',
    'not_latchkey',
    { instead: ({ url }) => (isApp(url) ? undefined : answerOf(200, { server: 'nginx' }, '<h1>Welcome')) },
  ],
  ['a name without an address', 'name_not_found', { instead: ({ url }) => (isApp(url) ? undefined : { fault: 'dns' }) }],
  ['a certificate that nobody trusts', 'certificate_not_trusted', { instead: ({ url }) => (isApp(url) ? undefined : { fault: 'tls' }) }],
  ['a port that is closed', 'not_reached', { instead: ({ url }) => (isApp(url) ? undefined : { fault: 'connect' }) }],
  ['a proxy that waits for nothing', 'answer_too_late', { instead: ({ url }) => (isApp(url) ? undefined : { fault: 'timeout' }) }],
  ['plain http that is answered', 'http_not_redirected', { instead: ({ url }) => (url.protocol === 'http:' ? answerOf(200) : undefined) }],
  [
    'a loader that is challenged',
    'loader_not_served',
    { instead: ({ url }) => (url.pathname === '/messenger.js' ? answerOf(403, { 'content-type': 'text/html' }) : undefined) },
  ],
  [
    'a proxy that lets its own pages alone frame it',
    'frame_forbidden',
    {
      outward: ({ headers }) => void (headers['content-security-policy'] = `${headers['content-security-policy']}, frame-ancestors 'self'`),
    },
  ],
  [
    'a proxy with X-Frame-Options in place of our policy',
    'frame_forbidden',
    {
      outward: ({ headers }, { url }) => {
        if (url.pathname !== '/messenger/frame') return
        delete headers['content-security-policy']
        headers['x-frame-options'] = 'SAMEORIGIN'
      },
    },
  ],
  ['an app whose clock is ahead', 'app_clock_ahead', { instead: ({ url }) => (isApp(url) ? answerOf(200, dated(600_000)) : undefined) }],
  ['an app whose clock is behind', 'app_clock_behind', { instead: ({ url }) => (isApp(url) ? answerOf(200, dated(-600_000)) : undefined) }],
  ['an app on another domain', 'other_site', {}, { app: 'https://app.elsewhere.test/' }],
  ['an app on plain http', 'scheme_differs', {}, { app: 'http://app.acme.test/' }],
  [
    'a Login URL that is gone',
    'login_url_fails',
    { instead: ({ url }) => (url.pathname === '/login' && isApp(url) ? answerOf(404) : undefined) },
  ],
  [
    'a Login URL that sends people straight back',
    'login_url_loops',
    {
      instead: ({ url }) =>
        url.pathname === '/login' && isApp(url) ? answerOf(302, { location: 'https://help.acme.test/tickets' }) : undefined,
    },
  ],
  [
    'a Login URL that nothing serves',
    'login_url_not_reached',
    { instead: ({ url }) => (url.pathname === '/login' && isApp(url) ? { fault: 'connect' } : undefined) },
  ],
]

for (const [flaw, code, way, options] of broken)
  test(`${flaw} is named: ${code}`, async () => {
    const found = await look(way, options)
    const named = found.filter((finding) => finding.code !== null)
    assert.ok(
      named.some((finding) => finding.code === code && finding.state !== 'ok'),
      JSON.stringify(named),
    )
    assert.match(faults[code].sentence, /\.$/)
    assert.match(faults[code].cure, /\S/)
  })

test('a proxy that keeps one Set-Cookie of several is named by a boot with a token', async () => {
  house.pass(60_000)
  const outward: Way['outward'] = ({ headers }) => {
    const last = headers['set-cookie']?.split(', ').at(-1)
    if (last !== undefined) headers['set-cookie'] = last
  }
  const setting = { host: 'https://help.acme.test', app: 'https://app.acme.test/', now: house.now }
  const found = await lookFromOutside({ client: networkTo(house, { outward }), ...setting }, { token: house.jwt(ada) })
  const { code, evidence } = found.find(({ id }) => id === 'boot') ?? {}
  assert.equal(code, 'set_cookie_changed')
  assert.match(evidence ?? '', /only __Host-latchkey-probe arrived/)
})

test('a Login URL at the support host itself is named before anybody goes round', async () => {
  await house.change({ login_url: 'https://help.acme.test/tickets' })
  const { code, evidence } = (await look()).find(({ id }) => id === 'login_url') ?? {}
  await house.change({ login_url: 'https://app.acme.test/login' })
  assert.equal(code, 'login_url_loops')
  assert.match(evidence ?? '', /is an address of the support host itself: https:\/\/help\.acme\.test\/tickets/)
})

test('X-Frame-Options beside our policy forbids nothing, and is not called a fault', async () => {
  const found = await look({ outward: ({ headers }) => void (headers['x-frame-options'] = 'DENY') })
  assert.equal(found.find(({ id }) => id === 'frame')?.state, 'ok')
})

test('an origin that is not listed is one fault, not also a frame that is forbidden', async () => {
  const found = await look({}, { app: 'https://other.acme.test/' })
  assert.ok(found.every(({ code }) => code !== 'frame_forbidden'))
})

test('a probe that was asked too often is called unknown, not broken', async () => {
  const found = await look({ instead: ({ url }) => (url.pathname === '/login/probe' ? answerOf(429) : undefined) })
  assert.deepEqual(found.find(({ id }) => id === 'latchkey')?.state, 'unknown')
})

test('ten minutes off is said in minutes', async () => {
  const found = await look({ instead: ({ url }) => (isApp(url) ? answerOf(200, dated(600_000)) : undefined) })
  assert.match(found.find(({ id }) => id === 'clock')?.evidence ?? '', /10 minutes ahead of/)
})

test('an address that our own guard closes is called unknown, not broken', async () => {
  const found = await look({ instead: () => ({ fault: 'address_not_allowed' }) })
  assert.deepEqual(
    found.filter(({ id }) => id !== 'site').map(({ state, code }) => [state, code]),
    [['unknown', null]],
  )
})
