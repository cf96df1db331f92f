import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { TeammateRole } from '#db/columns.ts'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate, findTeammate, type Teammate } from '#domain/teammates/teammates.ts'
import type { AuditAnswer, SessionsAnswer, TeammatesAnswer } from '#shared/inbox.ts'
import { openHouse, type House } from '#test/house.ts'
import { givePassword, openTeammate, PASSWORD, teamBrowser, type TeamBrowser } from '#test/team.ts'

const HOUR = 3_600_000
let house: House
let browsers: Record<TeammateRole, TeamBrowser>
let people: Record<TeammateRole, Teammate>
before(async () => {
  house = await openHouse()
  const open = (role: TeammateRole) => openTeammate(house, house.tenants.acme, role, role)
  const [owner, admin, agent, viewer] = [await open('owner'), await open('admin'), await open('agent'), await open('viewer')]
  browsers = { owner: owner.browser, admin: admin.browser, agent: agent.browser, viewer: viewer.browser }
  people = { owner: owner.teammate, admin: admin.teammate, agent: agent.teammate, viewer: viewer.teammate }
})
after(() => house.close())

let made = 0
/** Somebody of this role who may be changed. */
const somebody = (role: TeammateRole) => {
  made += 1
  return addTeammate(house.db, house.acme, { name: `Some ${made}`, email: `some${made}@acme.test`, role }, house.now())
}
const newAddress = () => `new${(made += 1)}@acme.test`

suite('who may what', () => {
  const ROLES = ['owner', 'admin', 'agent', 'viewer'] as const
  const changeRole = (from: TeammateRole, to: TeammateRole) => async (browser: TeamBrowser) =>
    browser.ask('PUT', `/app/teammates/${(await somebody(from)).id}/role`, { role: to })
  const remove = (role: TeammateRole) => async (browser: TeamBrowser) =>
    browser.ask('DELETE', `/app/teammates/${(await somebody(role)).id}`)
  const invite = (role: TeammateRole) => async (browser: TeamBrowser) => browser.ask('POST', '/app/invites', { email: newAddress(), role })

  for (const [what, ask, allowed] of [
    ['see the teammates', (browser: TeamBrowser) => browser.ask('GET', '/app/teammates'), ROLES],
    ['see their own sessions', (browser: TeamBrowser) => browser.ask('GET', '/app/sessions'), ROLES],
    ['change their own name', (browser: TeamBrowser) => browser.ask('PUT', '/app/profile', { name: 'Somebody' }), ROLES],
    ['read the audit log', (browser: TeamBrowser) => browser.ask('GET', '/app/audit-log'), ['owner', 'admin']],
    ['invite an agent', invite('agent'), ['owner', 'admin']],
    ['invite an admin', invite('admin'), ['owner', 'admin']],
    ['invite an owner', invite('owner'), ['owner']],
    ['make an agent an admin', changeRole('agent', 'admin'), ['owner', 'admin']],
    ['make an admin an owner', changeRole('admin', 'owner'), ['owner']],
    ['make an owner an agent', changeRole('owner', 'agent'), ['owner']],
    ['remove an agent', remove('agent'), ['owner', 'admin']],
    ['remove an owner', remove('owner'), ['owner']],
    [
      'make a link for an agent’s password',
      async (browser: TeamBrowser) => browser.ask('POST', `/app/teammates/${(await somebody('agent')).id}/reset-link`, {}),
      ['owner', 'admin'],
    ],
    [
      'make a link for an owner’s password',
      async (browser: TeamBrowser) => browser.ask('POST', `/app/teammates/${(await somebody('owner')).id}/reset-link`, {}),
      ['owner'],
    ],
  ] as const)
    for (const role of ROLES) {
      const may = (allowed as readonly TeammateRole[]).includes(role)
      test(`${role}s may ${may ? '' : 'not '}${what}`, async () => {
        const answer = await ask(browsers[role])
        if (may) assert.ok(answer.statusCode < 300, answer.body)
        else
          assert.deepEqual([answer.statusCode, answer.json<{ errors: { code: string }[] }>().errors[0]?.code], [403, 'permission_missing'])
      })
    }

  for (const [what, dismiss] of [
    ['demote', (browser: TeamBrowser, id: number) => browser.ask('PUT', `/app/teammates/${id}/role`, { role: 'agent' })],
    ['remove', (browser: TeamBrowser, id: number) => browser.ask('DELETE', `/app/teammates/${id}`)],
  ] as const)
    test(`of two owners who ${what} each other at once, one stays`, async () => {
      await house.db.updateTable('teammates').set({ role: 'agent' }).where('workspace_id', '=', house.globex.id).execute()
      const one = await openTeammate(house, house.tenants.globex, 'owner', `one-to-${what}`)
      const other = await openTeammate(house, house.tenants.globex, 'owner', `other-to-${what}`)
      await Promise.all([dismiss(one.browser, other.teammate.id), dismiss(other.browser, one.teammate.id)])
      const owners = house.db.selectFrom('teammates').select('id').where('workspace_id', '=', house.globex.id)
      const left = await owners.where('role', '=', 'owner').where('removed_at', 'is', null).execute()
      assert.equal(left.length, 1)
    })

  test('a role that somebody has already is no change, and no line of the audit log', async () => {
    const { browser } = await openTeammate(house, house.tenants.acme, 'owner', 'Same Owner')
    const { id, email } = await somebody('agent')
    assert.equal((await browser.ask('PUT', `/app/teammates/${id}/role`, { role: 'agent' })).statusCode, 204)
    assert.deepEqual(await house.db.selectFrom('audit_log').selectAll().where('subject', '=', email).execute(), [])
  })

  test('nobody changes or removes themselves, so there is always an owner', async () => {
    const { id } = people.owner
    for (const answer of [
      await browsers.owner.ask('PUT', `/app/teammates/${id}/role`, { role: 'agent' }),
      await browsers.owner.ask('DELETE', `/app/teammates/${id}`),
    ])
      assert.equal(answer.statusCode, 403)
    const { teammates } = (await browsers.owner.ask('GET', '/app/teammates')).json<TeammatesAnswer>()
    assert.equal(teammates.find(({ is_you }) => is_you)?.can_change, false)
  })

  test('no field beside the ones that are asked for is written', async () => {
    for (const [method, path, body] of [
      ['PUT', '/app/profile', { name: 'Viewer', role: 'owner' }],
      ['PUT', '/app/profile', { name: 'Viewer', workspace_id: 2 }],
      ['POST', '/app/password-checks', { password: PASSWORD, password_checked_at: 1 }],
    ] as const)
      assert.equal((await browsers.viewer.ask(method, path, body)).statusCode, 400)
    assert.equal((await findTeammate(house.db, house.acme, String(people.viewer.id)))?.role, 'viewer')
  })
})

suite('the app’s answers', () => {
  test('need a session, our own page and the app’s header; reading needs the session only', async () => {
    const stranger = teamBrowser(house)
    for (const path of ['/app/session', '/app/teammates', '/app/audit-log', '/app/sessions'])
      assert.equal((await stranger.ask('GET', path)).statusCode, 401)
    const cookie = `__Host-latchkey-team=${browsers.owner.cookies.get('__Host-latchkey-team')}`
    const ask = (headers: Record<string, string>) =>
      house.app.inject({
        method: 'PUT',
        url: '/app/profile',
        headers: { host: 'latchkey.test', cookie, ...headers },
        payload: { name: 'Forged' },
      })
    for (const headers of [
      {},
      { 'latchkey-app': '1' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site', 'latchkey-app': '1' },
      { 'sec-fetch-site': 'cross-site', 'latchkey-app': '1' },
      { origin: 'https://help.acme.test', 'latchkey-app': '1' },
      { origin: 'null', 'latchkey-app': '1' },
    ])
      assert.equal((await ask(headers)).statusCode, 403, JSON.stringify(headers))
    assert.notEqual((await findTeammate(house.db, house.acme, String(people.owner.id)))?.name, 'Forged')
    assert.equal((await ask({ origin: 'https://latchkey.test', 'latchkey-app': '1' })).statusCode, 200)
  })

  test('are there on the teammates’ host alone, and a contact’s or a token’s proof is none there', async () => {
    const owner = browsers.owner.cookies.get('__Host-latchkey-team')
    const onSupportHost = await house.app.inject({
      url: '/app/session',
      headers: { host: 'help.acme.test', cookie: `__Host-latchkey-team=${owner}` },
    })
    assert.equal(onSupportHost.statusCode, 404)
    const { token } = await createApiToken(house.db, people.owner, { name: 'x', now: house.now() })
    const byToken = await house.app.inject({ url: '/app/session', headers: { host: 'latchkey.test', authorization: `Bearer ${token}` } })
    assert.ok(byToken.statusCode >= 400)
    const ada = house.browser()
    await ada.boot({ user_id: 'ada' })
    const byContact = teamBrowser(house, { secret: ada.cookies.get('__Host-latchkey') ?? '' })
    assert.equal((await byContact.ask('GET', '/app/session')).statusCode, 401)
  })

  test('list nobody of another workspace', async () => {
    await openTeammate(house, house.tenants.globex, 'owner', 'Gus-of-Globex')
    for (const path of ['/app/teammates', '/app/audit-log', '/app/sessions'])
      assert.doesNotMatch((await browsers.owner.ask('GET', path)).body, /globex/i)
  })
})

suite('a teammate’s session', () => {
  let quinn: Teammate
  beforeEach(async () => {
    made += 1
    quinn = (await openTeammate(house, house.tenants.acme, 'agent', `Quinn${made}`)).teammate
    await givePassword(house, quinn)
  })
  const enter = async () => {
    const browser = teamBrowser(house)
    assert.equal((await browser.send('/sign-in', { email: quinn.email, password: PASSWORD })).statusCode, 303)
    return browser
  }
  const stands = async (browser: TeamBrowser) => (await browser.ask('GET', '/app/session')).statusCode === 200

  test('ends with the sign-out, on the server too', async () => {
    const browser = await enter()
    const secret = browser.cookies.get('__Host-latchkey-team') ?? ''
    assert.equal((await browser.send('/sign-out', {})).headers.location, '/sign-in')
    assert.equal(await stands(teamBrowser(house, { secret })), false)
  })

  test('ends after 72 hours without use, and after 30 days in any case', async () => {
    const browser = await enter()
    const secret = browser.cookies.get('__Host-latchkey-team') ?? ''
    const unused = await enter()
    house.pass(71 * HOUR)
    assert.equal(await stands(browser), true)
    house.pass(2 * HOUR)
    assert.deepEqual([await stands(browser), await stands(unused)], [true, false])
    for (let day = 4; day < 30; day += 1) {
      house.pass(24 * HOUR)
      assert.equal(await stands(teamBrowser(house, { secret })), true, `day ${day}`)
    }
    house.pass(24 * HOUR)
    assert.equal(await stands(teamBrowser(house, { secret })), false)
  })

  test('ends when the teammate is removed, and their API tokens with it; what they wrote keeps their name', async () => {
    const { browser: owner } = await openTeammate(house, house.tenants.acme, 'owner', `Owner${made}`)
    const browser = await enter()
    const { token } = await createApiToken(house.db, quinn, { name: 'mine', now: house.now() })
    const call = () => house.app.inject({ url: '/api/me', headers: { host: 'latchkey.test', authorization: `Bearer ${token}` } })
    assert.equal((await call()).statusCode, 200)
    assert.equal((await owner.ask('DELETE', `/app/teammates/${quinn.id}`)).statusCode, 204)
    assert.equal(await stands(browser), false)
    assert.equal((await call()).statusCode, 401)
    assert.equal((await teamBrowser(house).send('/sign-in', { email: quinn.email, password: PASSWORD })).statusCode, 401)
    const admins = (await owner.ask('GET', '/app/teammates')).json<TeammatesAnswer>().teammates
    assert.ok(admins.every(({ id }) => id !== quinn.id))
    const row = await house.db.selectFrom('teammates').select('name').where('id', '=', quinn.id).executeTakeFirst()
    assert.equal(row?.name, quinn.name)
  })

  test('ends everywhere else when the password changes, which needs the current one', async () => {
    const [browser, other] = [await enter(), await enter()]
    const change = (current: string, password: string) => browser.ask('PUT', '/app/profile/password', { current, password })
    assert.equal((await change('not the one', 'brand new words')).statusCode, 422)
    assert.equal((await change(PASSWORD, 'password')).statusCode, 422)
    assert.deepEqual([await stands(browser), await stands(other)], [true, true])
    const before = browser.cookies.get('__Host-latchkey-team')
    assert.equal((await change(PASSWORD, 'brand new words')).statusCode, 204)
    assert.notEqual(browser.cookies.get('__Host-latchkey-team'), before)
    assert.deepEqual([await stands(browser), await stands(other)], [true, false])
  })

  test('is listed with its browser, and can be ended from another one, but never somebody else’s', async () => {
    const [browser, other] = [await enter(), await enter()]
    const list = async () => (await browser.ask('GET', '/app/sessions')).json<SessionsAnswer>().sessions
    const { browser: somebody } = await openTeammate(house, house.tenants.acme, 'owner', `Stranger${made}`)
    const stranger = (await somebody.ask('GET', '/app/sessions')).json<SessionsAnswer>().sessions[0]
    const third = (await list()).find(({ is_current, device }) => !is_current && device !== 'Test')
    assert.equal((await browser.ask('DELETE', `/app/sessions/${third?.id}`)).statusCode, 204)
    assert.equal(await stands(other), false)
    assert.equal((await browser.ask('DELETE', `/app/sessions/${stranger?.id}`)).statusCode, 404)
    assert.equal(await stands(somebody), true)
    await enter()
    assert.equal((await browser.ask('DELETE', '/app/sessions')).statusCode, 204)
    assert.deepEqual(
      (await list()).map(({ is_current }) => is_current),
      [true],
    )
  })

  test('does not get to try passwords without end', async () => {
    const browser = await enter()
    const tries = []
    for (let turn = 0; turn < 11; turn += 1)
      tries.push((await browser.ask('POST', '/app/password-checks', { password: 'guess' })).statusCode)
    assert.deepEqual([tries[9], tries[10]], [422, 429])
  })
})

test('what a role does not allow is in the audit log', async () => {
  const { browser: owner } = await openTeammate(house, house.tenants.acme, 'owner', 'Otto')
  const { browser: viewer } = await openTeammate(house, house.tenants.acme, 'viewer', 'Viola')
  await viewer.ask('POST', '/app/invites', { email: 'friend@acme.test', role: 'owner' })
  const { entries } = (await owner.ask('GET', '/app/audit-log')).json<AuditAnswer>()
  assert.deepEqual([entries[0]?.teammate, entries[0]?.action, entries[0]?.subject], ['Viola', 'access.denied', 'POST /app/invites'])
})

test('nobody fills the audit log with what their role does not allow', async () => {
  const { browser: owner } = await openTeammate(house, house.tenants.acme, 'owner', 'Olga')
  const { browser: viewer } = await openTeammate(house, house.tenants.acme, 'viewer', 'Vera')
  for (let turn = 0; turn < 60; turn += 1) assert.equal((await viewer.ask('GET', '/app/audit-log')).statusCode, 403)
  const { entries } = (await owner.ask('GET', '/app/audit-log')).json<AuditAnswer>()
  assert.equal(entries.filter(({ teammate, action }) => teammate === 'Vera' && action === 'access.denied').length, 20)
})

test('the audit log says who did what about whom, page by page, and holds no secret', async () => {
  const { browser } = await openTeammate(house, house.tenants.acme, 'owner', 'Audrey')
  const invited = await browser.ask('POST', '/app/invites', { email: 'seen@acme.test', role: 'viewer' })
  const first = (await browser.ask('GET', '/app/audit-log')).json<AuditAnswer>()
  const [newest] = first.entries
  assert.deepEqual(
    [newest?.teammate, newest?.action, newest?.subject, newest?.detail],
    ['Audrey', 'teammate.invited', 'seen@acme.test', 'viewer'],
  )
  for (let turn = 0; turn < 55; turn += 1) await browser.ask('POST', '/app/invites', { email: newAddress(), role: 'viewer' })
  const page = (await browser.ask('GET', '/app/audit-log')).json<AuditAnswer>()
  const next = (await browser.ask('GET', `/app/audit-log?before=${page.before}`)).json<AuditAnswer>()
  assert.equal(page.entries.length, 50)
  assert.ok(next.entries.every(({ id }) => id < (page.before ?? 0)))
  const code = /code=([\w-]+)/.exec(invited.body)?.[1] ?? 'none'
  const everything = JSON.stringify(await house.db.selectFrom('audit_log').selectAll().execute())
  for (const secret of [code, PASSWORD, browser.cookies.get('__Host-latchkey-team') ?? 'none']) assert.ok(!everything.includes(secret))
})
