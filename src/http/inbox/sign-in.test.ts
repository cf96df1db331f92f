import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { Teammate } from '#domain/teammates/teammates.ts'
import { openHouse, type House } from '#test/house.ts'
import { givePassword, openTeammate, PASSWORD, teamBrowser } from '#test/team.ts'

const QUARTER = 15 * 60_000
let house: House
let olga: Teammate
before(async () => {
  house = await openHouse()
  olga = (await openTeammate(house, house.tenants.acme, 'owner', 'Olga')).teammate
  await givePassword(house, olga)
})
// Nobody's guesses of one test count in the next.
beforeEach(() => house.pass(QUARTER + 1))
after(() => house.close())

const email = 'olga@acme.test'
const actionsOf = async (workspace = house.acme) =>
  (await house.db.selectFrom('audit_log').select(['action', 'subject']).where('workspace_id', '=', workspace.id).execute()).map(
    ({ action }) => action,
  )
const sessionCount = async () => (await house.db.selectFrom('teammate_sessions').select('id').execute()).length

suite('signing in', () => {
  test('takes the address in any case and the password as it is, and leads into the app', async () => {
    const browser = teamBrowser(house)
    assert.equal((await browser.get('/settings/teammates')).headers.location, '/sign-in?next=%2Fsettings%2Fteammates')
    const answer = await browser.send('/sign-in', { email: ' OLGA@acme.test ', password: PASSWORD, next: '/settings/teammates' })
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/settings/teammates'])
    for (const line of [answer.headers['set-cookie']].flat())
      assert.match(String(line), /^__Host-latchkey-team(?:-known)?=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
    const page = await browser.get('/settings/teammates')
    assert.equal(page.statusCode, 200)
    assert.match(page.body, /data-at-work="[^"]*Olga/)
    assert.equal(page.headers['cache-control'], 'private, no-store')
    assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'.*require-trusted-types-for 'script'/)
  })

  test('leads nowhere but into the app', async () => {
    for (const next of ['https://evil.test', '//evil.test', '/\\evil.test', '/settings/../api', 'javascript:alert(1)', '/a?b', '']) {
      const answer = await teamBrowser(house).send('/sign-in', { email, password: PASSWORD, next })
      assert.equal(answer.headers.location, '/', next)
    }
  })

  test('ends the session that stood in this browser, and adopts none that was planted', async () => {
    const browser = teamBrowser(house, { secret: 'planted-secret-of-somebody-else-0000000000000' })
    await browser.send('/sign-in', { email, password: PASSWORD })
    const first = browser.cookies.get('__Host-latchkey-team')
    assert.notEqual(first, 'planted-secret-of-somebody-else-0000000000000')
    await browser.send('/sign-in', { email, password: PASSWORD })
    assert.notEqual(browser.cookies.get('__Host-latchkey-team'), first)
    assert.equal((await teamBrowser(house, { secret: first ?? '' }).ask('GET', '/app/session')).statusCode, 401)
  })

  test('says the same to an unknown address and to a wrong password, and leaves no session', async () => {
    const before = await sessionCount()
    const [unknown, wrong] = [
      await teamBrowser(house).send('/sign-in', { email: 'nobody@acme.test', password: PASSWORD }),
      await teamBrowser(house).send('/sign-in', { email, password: 'four short words' }),
    ]
    for (const answer of [unknown, wrong]) {
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.headers['set-cookie'], undefined)
    }
    const withoutAddress = (body: string) => body.replaceAll(/value="[^"]*@[^"]*"/g, '')
    assert.equal(withoutAddress(unknown.body), withoutAddress(wrong.body))
    assert.equal(await sessionCount(), before)
    assert.ok((await actionsOf()).includes('teammate.sign_in_refused'))
  })

  test('is refused from another site, and by every header that claims to be somebody', async () => {
    const fields = { email, password: PASSWORD }
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }])
      assert.equal((await teamBrowser(house).send('/sign-in', fields, { headers })).statusCode, 403)
    const headers = { 'x-remote-user': email, 'x-forwarded-user': email, 'x-forwarded-email': email, authorization: 'Basic b2xnYTp4' }
    assert.equal((await teamBrowser(house).get('/app/session', { headers })).statusCode, 401)
  })

  test('opens each workspace with its own password, and asks which where one password opens several', async () => {
    const { teammate } = await openTeammate(house, house.tenants.globex, 'admin', 'Gil')
    await house.db.updateTable('teammates').set({ email }).where('id', '=', teammate.id).execute()
    await givePassword(house, { ...teammate, email }, 'four other words')
    const workspaceOf = async (fields: Record<string, string>) => {
      const browser = teamBrowser(house)
      const answer = await browser.send('/sign-in', { email, ...fields })
      if (answer.statusCode !== 303) return answer.body
      return (await browser.ask('GET', '/app/session')).json<{ workspace: { name: string } }>().workspace.name
    }
    assert.equal(await workspaceOf({ password: PASSWORD }), 'Acme')
    assert.equal(await workspaceOf({ password: 'four other words' }), 'Globex')
    await givePassword(house, { ...teammate, email }, PASSWORD)
    assert.match(await workspaceOf({ password: PASSWORD }), /name="app_id" value="acme"[^]*name="app_id" value="globex"/)
    assert.equal(await workspaceOf({ password: PASSWORD, app_id: 'globex' }), 'Globex')
    await house.db.deleteFrom('teammate_passwords').where('teammate_id', '=', teammate.id).execute()
  })
})

suite('guessing', () => {
  const guess = (address: string, browser = teamBrowser(house, { address })) => browser.send('/sign-in', { email, password: 'guess' })

  test('of one account is stopped from wherever it comes, and the answer says for how long', async () => {
    const answers = []
    for (let turn = 0; turn < 11; turn += 1) answers.push(await guess(`203.0.113.${turn}`))
    assert.deepEqual([...new Set(answers.slice(0, 10).map(({ statusCode }) => statusCode))], [401])
    assert.equal(answers[10]?.statusCode, 429)
    assert.ok(Number(answers[10]?.headers['retry-after']) > 0)
    house.pass(QUARTER)
    assert.equal((await guess('203.0.113.99')).statusCode, 401)
  })

  test('locks nobody out of the browser in which they have signed in before', async () => {
    const own = teamBrowser(house)
    await own.send('/sign-in', { email, password: PASSWORD })
    await own.send('/sign-out', {})
    for (let turn = 0; turn < 12; turn += 1) await guess(`198.51.100.${turn}`)
    assert.equal((await teamBrowser(house, { address: '192.0.2.1' }).send('/sign-in', { email, password: PASSWORD })).statusCode, 429)
    assert.equal((await own.send('/sign-in', { email, password: PASSWORD })).statusCode, 303)
  })

  test('is no freer with the mark of another address', async () => {
    const other = teamBrowser(house)
    const { teammate: ben } = await openTeammate(house, house.tenants.acme, 'agent', 'Ben')
    await givePassword(house, ben)
    await other.send('/sign-in', { email: ben.email, password: PASSWORD })
    assert.ok(other.cookies.has('__Host-latchkey-team-known'))
    for (let turn = 0; turn < 10; turn += 1) await guess('', other)
    assert.equal((await guess('', other)).statusCode, 429)
  })

  test('of many accounts from one network is stopped', async () => {
    const answers = []
    for (let turn = 0; turn < 21; turn += 1)
      answers.push(
        await teamBrowser(house, { address: `2001:db8::${turn}` }).send('/sign-in', { email: `a${turn}@acme.test`, password: 'guess' }),
      )
    assert.equal(answers[19]?.statusCode, 401)
    assert.equal(answers[20]?.statusCode, 429)
    assert.equal((await teamBrowser(house, { address: '2001:db8:1::1' }).send('/sign-in', { email, password: PASSWORD })).statusCode, 303)
  })
})
