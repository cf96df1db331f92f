import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readChecklist } from '#domain/diagnosis/checklist.ts'
import { openOutside } from '#domain/diagnosis/outside.ts'
import { retireSigningKey } from '#domain/identity/signing-keys.ts'
import { addOrigin, getWorkspace, removeOrigin } from '#domain/workspaces/workspaces.ts'
import type { ChecklistId } from '#shared/diagnosis.ts'
import { answerOf, networkTo, type Way } from '#test/broken-way.ts'
import { ada } from '#test/cast.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '1000' })
})
after(() => house.close())

async function checklist(way?: Way) {
  await house.app.decisions.flush()
  await house.app.probes.flush()
  await house.app.sightings.flush()
  const outside = way && openOutside(networkTo(house, way), house.now)
  return readChecklist(house.db, await getWorkspace(house.db, 'acme'), { now: house.now(), outside })
}

async function line(id: ChecklistId, way?: Way) {
  const found = (await checklist(way)).lines.find((line) => line.id === id)
  assert.ok(found)
  return found
}

const open = (browser: Browser, headers: Record<string, string> = {}) =>
  browser.get('/tickets', { headers: { 'sec-fetch-mode': 'navigate', ...headers } })

test('before anything has happened nothing is claimed to work', async () => {
  const { lines, host } = await checklist()
  assert.equal(host, 'https://help.acme.test')
  assert.deepEqual(
    lines.map(({ id, state, code }) => [id, state, code]),
    [
      ['messenger', 'unknown', 'never_booted'],
      ['secret', 'ok', null],
      ['https', 'ok', null],
      ['site', 'ok', null],
      ['cookie', 'unknown', null],
      ['proxy', 'unknown', null],
      ['clock', 'unknown', null],
      ['login_url', 'warn', 'login_url_missing'],
      ['portal', 'ok', null],
    ],
  )
})

test('a page that boots with its token under another name is told so, although nothing was refused', async () => {
  await house.browser().boot(undefined, { user_jwt: house.jwt(ada) })
  const { state, code, evidence } = await line('messenger')
  assert.deepEqual([state, code], ['unknown', 'never_booted'])
  assert.match(evidence[0]?.text ?? '', /The setting user_jwt holds a token/)
})

test('a refused boot is named by its code one is accepted', async () => {
  await house.browser().boot({ ...ada, exp: 1 })
  const refused = await line('messenger')
  assert.deepEqual([refused.state, refused.code, refused.sentence], ['fail', 'user_jwt_expired', 'The user JWT has expired.'])
  assert.deepEqual(refused.evidence[0], {
    text: 'The last boot was refused: user_jwt_expired. exp is 1, a span and not a moment: write now + 1.',
    at: house.now(),
    origin: 'https://app.acme.test',
  })
  await house.browser().boot(ada)
  const accepted = await line('messenger')
  assert.deepEqual([accepted.state, accepted.code, accepted.cure], ['ok', null, null])
  assert.equal(accepted.evidence[0]?.origin, 'https://app.acme.test')
})

test('a user_id that a program wrote because it had none is warned of until another one signs in', async () => {
  await house.browser().boot({ user_id: 'undefined' })
  const warned = await line('messenger')
  assert.deepEqual([warned.state, warned.code], ['warn', 'user_id_of_nobody'])
  assert.match(warned.evidence[0]?.text ?? '', /“undefined”/)
  await house.browser().boot(ada)
  assert.equal((await line('messenger')).state, 'ok')
})

test('the cookie of a boot that comes back with a page load proves the round trip: when, and from which origin', async () => {
  const browser = house.browser()
  await browser.boot(ada)
  assert.equal((await line('cookie')).state, 'unknown')
  house.pass(60_000)
  await open(browser)
  const seen = await line('cookie')
  assert.equal(seen.state, 'ok')
  assert.deepEqual(seen.evidence[0], { text: 'The round trip was seen once.', at: house.now(), origin: 'https://app.acme.test' })
  await open(browser)
  assert.deepEqual((await line('cookie')).evidence, seen.evidence)
})

test('a probe is good for an hour, in its own workspace, and only if we set it', async () => {
  const before = (await line('cookie')).evidence
  const stranger = house.browser()
  stranger.cookies.set('__Host-latchkey-probe', 'made-up')
  await open(stranger)
  const late = house.browser()
  await late.boot(ada)
  const elsewhere = house.browser(house.tenants.globex)
  for (const [name, value] of late.cookies) elsewhere.cookies.set(name, value)
  await open(elsewhere)
  house.pass(3_600_001)
  await open(late)
  assert.deepEqual((await line('cookie')).evidence, before)
})

test('a boot from the host’s own pages sets no probe', async () => {
  const browser = house.browser()
  await browser.post('/messenger/boot', { app_id: 'acme' }, { origin: 'https://help.acme.test' })
  assert.deepEqual([...browser.cookies.keys()], ['__Host-latchkey'])
})

test('a browser that says the cookie was lost right after its boot is believed, if it is on the same site', async () => {
  const lost = { headers: { 'sec-fetch-site': 'same-site' }, origin: 'https://app.acme.test' }
  const answer = (await house.get('/messenger/probe', lost)).json()
  assert.deepEqual([answer.cookie, answer.code], ['missing', 'cookie_not_returned'])
  const later = await line('cookie')
  assert.deepEqual([later.state, later.code, later.evidence[0]?.origin], ['warn', 'cookie_not_returned', 'https://app.acme.test'])
  assert.equal((await house.get('/messenger/probe', { ...lost, origin: 'https://evil.acme.test' })).statusCode, 403)
})

test('pages opened from the app without any cookie are counted, and those of strangers are not', async () => {
  const before = await line('cookie')
  await open(house.browser(), { 'sec-fetch-site': 'same-site', referer: 'https://evil.acme.test/' })
  await open(house.browser(), { 'sec-fetch-site': 'cross-site', referer: 'https://app.acme.test/' })
  assert.deepEqual(await line('cookie'), before)
  await open(house.browser(), { 'sec-fetch-site': 'same-site', referer: 'https://app.acme.test/' })
  await house.app.sightings.flush()
  const rows = await house.db.selectFrom('sightings').select('times').where('kind', '=', 'page_without_cookie').execute()
  assert.deepEqual(
    rows.map(({ times }) => times),
    [1],
  )
})

test('a round trip of long ago does not speak for a proxy that loses cookies today', async () => {
  house.pass(2 * 86_400_000)
  await house.browser().boot(ada)
  assert.equal((await line('cookie')).code, 'cookie_not_returned', 'what a page said last still stands')
  await house.db.deleteFrom('sightings').where('kind', 'in', ['cookie_lost', 'page_without_cookie']).execute()
  assert.equal((await line('cookie')).state, 'ok')
  await open(house.browser(), { 'sec-fetch-site': 'same-site', referer: 'https://app.acme.test/' })
  const { state, code } = await line('cookie')
  assert.deepEqual([state, code], ['warn', 'cookie_not_returned'])
})

for (const [flaw, minutes, state, code] of [
  ['ten minutes ahead', 10, 'fail', 'app_clock_ahead'],
  ['half a minute ahead', 0.5, 'warn', 'app_clock_ahead'],
  ['right', 0, 'ok', null],
] as const)
  test(`a signing clock that is ${flaw}: ${code ?? 'fine'}`, async () => {
    const iat = house.now() / 1000 + minutes * 60
    await house.browser().boot({ ...ada, iat, exp: iat + 3600 })
    const { state: found, code: named, evidence } = await line('clock')
    assert.deepEqual([found, named], [state, code])
    assert.equal(evidence[0]?.origin, 'https://app.acme.test')
  })

test('a signing clock ten minutes behind, with tokens of five minutes', async () => {
  for (let boots = 0; boots < 5; boots += 1) {
    const iat = house.now() / 1000 - 600
    await house.browser().boot({ ...ada, iat, exp: iat + 300 })
  }
  const { state, code, evidence } = await line('clock')
  assert.deepEqual([state, code], ['fail', 'app_clock_behind'])
  assert.match(evidence[0]?.text ?? '', /10 minutes old/)
})

test('a forged token says nothing about clocks', async () => {
  const before = await line('clock')
  await house.browser().boot(house.jwt({ ...ada, iat: 99_999_999_999 }, house.tenants.globex))
  assert.deepEqual((await line('clock')).evidence, before.evidence)
})

test('what the way does to requests is seen from outside', async () => {
  assert.deepEqual((await line('proxy', { instead: ({ url }) => (url.host === 'app.acme.test' ? answerOf(200) : undefined) })).state, 'ok')
  const { state, code, cure } = await line('proxy', { inward: ({ headers }) => void delete headers['cookie'] })
  assert.deepEqual([state, code], ['fail', 'cookie_dropped'])
  assert.match(cure ?? '', /Forward Cookie/)
})

test('the view from outside is asked for once in half a minute', async () => {
  let asked = 0
  const outside = openOutside(networkTo(house, { inward: () => void (asked += 1) }), house.now)
  const [first] = await Promise.all([outside.look('https://help.acme.test', undefined), outside.look('https://help.acme.test', undefined)])
  const after = asked
  assert.equal(await outside.look('https://help.acme.test', undefined), first)
  assert.equal(asked, after)
  house.pass(30_001)
  await outside.look('https://help.acme.test', undefined)
  assert.ok(asked > after)
})

test('a Login URL that answers is fine, and one that somebody came back from is proved', async () => {
  await house.change({ login_url: 'https://app.acme.test/login' })
  const app: Way = { instead: ({ url }) => (url.host === 'app.acme.test' ? answerOf(200) : undefined) }
  assert.equal((await line('login_url', app)).state, 'ok')
  await house.browser().post('/login/jwt', { jwt: house.jwt({ ...ada, jti: 'returns' }) }, { form: true })
  assert.match((await line('login_url')).evidence[0]?.text ?? '', /came back/)
})

test('what is switched off, missing or on another site is named', async () => {
  await house.change({ portal_on: 0, enforcement_web: 'report' })
  assert.equal((await line('portal')).code, 'portal_off')
  assert.equal((await line('secret')).code, 'not_enforced')
  await retireSigningKey(house.db, house.acme, house.tenants.acme.kid, { now: house.now(), endSessions: false })
  assert.equal((await line('secret')).code, 'secret_missing')
  await addOrigin(house.db, house.acme, 'https://acme.vercel.app', house.now())
  const mixed = await line('site')
  assert.deepEqual([mixed.state, mixed.code, mixed.evidence[0]?.origin], ['warn', 'other_site', 'https://acme.vercel.app'])
  await removeOrigin(house.db, house.acme, 'https://app.acme.test')
  assert.equal((await line('site')).state, 'warn', 'the Login URL is another way in')
  await house.change({ login_url: null })
  assert.equal((await line('site')).state, 'fail')
  await removeOrigin(house.db, house.acme, 'https://acme.vercel.app')
  assert.equal((await line('site')).code, 'origins_missing')
})
