import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Checklist } from '#shared/diagnosis.ts'
import type {
  EnforcementAnswer,
  HostRow,
  KeysAnswer,
  LoginLinkAnswer,
  LoginLogAnswer,
  LoginSettings,
  NewKeyAnswer,
  RetiredKeyAnswer,
  SnippetAnswer,
  StacksAnswer,
  TestTokenAnswer,
  TokenTestAnswer,
} from '#shared/login-settings.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { askingAs, openTeammate, type TeamBrowser } from '#test/team.ts'

let house: House
let owner: TeamBrowser
const published = new Map<string, string[]>()
before(async () => {
  house = await openHouse({}, { findTxt: async (name) => published.get(name) ?? [] })
  ;({ browser: owner } = await openTeammate(house, house.tenants.acme, 'owner'))
})
after(() => house.close())

const { read, tell } = askingAs(() => owner)

async function audited(): Promise<[string, string | null, string | null][]> {
  const rows = await house.db.selectFrom('audit_log').selectAll().where('workspace_id', '=', house.acme.id).orderBy('id').execute()
  return rows.map(({ action, subject, detail }) => [action, subject, detail])
}

suite('keys', () => {
  test('a secret is shown once, signs users in within a second, and is refused within a second once it is retired', async () => {
    const { key, secret } = await tell<NewKeyAnswer>('POST', '/app/login/keys', { name: 'Backend', platforms: ['web'] })
    house.pass(1001)
    const browser = house.browser()
    assert.equal((await browser.boot(signJwt({ ...ben, exp: house.now() / 1000 + 60 }, secret))).statusCode, 200)
    const listed = await owner.get('/app/login/keys')
    assert.ok(!listed.body.includes(secret))
    const found = listed.json<KeysAnswer>().keys.find(({ kid }) => kid === key.kid)
    assert.deepEqual([found?.name, found?.platforms, found?.last_used_at], ['Backend', ['web'], house.now()])

    const retired = await tell<RetiredKeyAnswer>('PUT', `/app/login/keys/${key.kid}/retired`, { end_sessions: true })
    assert.equal(retired.sessions_ended, 1)
    house.pass(1001)
    const refused = await house.browser().boot(signJwt({ ...ben, exp: house.now() / 1000 + 60 }, secret))
    assert.equal(refused.statusCode, 401)
    await house.app.decisions.flush()
    const { rows } = await read<LoginLogAnswer>(`/app/login/log?kid=${key.kid}&outcome=refused`)
    assert.deepEqual(
      rows.map(({ code, user_id }) => [code, user_id]),
      [['user_jwt_key_retired', 'ben']],
    )
    assert.match(rows[0]?.cure ?? '', /newest live key/)
    const log = JSON.stringify(await audited())
    assert.match(log, /"key.added","mk_\w+","Backend \(web\)"/)
    assert.match(log, /"key.retired","mk_\w+","with 1 sessions"/)
    assert.ok(!log.includes(secret))
  })

  test('adding, retiring and minting ask for the password again', async () => {
    const { browser, secret } = await openTeammate(house, house.tenants.acme, 'admin', 'stale')
    house.pass(600_001)
    assert.ok(secret)
    for (const [method, path, body] of [
      ['POST', '/app/login/keys', { name: 'x', platforms: ['web'] }],
      ['PUT', `/app/login/keys/${house.tenants.acme.kid}/retired`, { end_sessions: false }],
      ['POST', '/app/login/test-tokens', { user_id: 'ada' }],
      ['POST', '/app/login/links', { user_id: 'ada' }],
    ] as const) {
      const answer = await browser.ask(method, path, body)
      assert.match(answer.body, /password_check_needed/, path)
    }
    ;({ browser: owner } = await openTeammate(house, house.tenants.acme, 'owner', 'fresh'))
  })
})

suite('what a role may', () => {
  const changes = (kid: string) =>
    [
      ['PUT', '/app/login/settings', { test_mode: true }],
      ['POST', '/app/login/origins', { origin: 'https://evil.example' }],
      ['DELETE', `/app/login/origins/${encodeURIComponent('https://app.acme.test')}`, undefined],
      ['POST', '/app/login/hosts', { address: 'https://evil.example' }],
      ['DELETE', '/app/login/hosts/help.acme.test', undefined],
      ['POST', '/app/login/hosts/help.acme.test/checks', {}],
      ['POST', '/app/login/keys', { name: 'x', platforms: ['web'] }],
      ['PUT', `/app/login/keys/${kid}/retired`, { end_sessions: true }],
      ['POST', '/app/login/test-tokens', { user_id: 'ada' }],
      ['POST', '/app/login/links', { user_id: 'ada' }],
    ] as const

  for (const role of ['viewer', 'agent'] as const)
    test(`a ${role} reads the settings and changes nothing`, async () => {
      const { browser } = await openTeammate(house, house.tenants.acme, role)
      const before = await read<LoginSettings>('/app/login/settings')
      for (const [method, path, body] of changes(house.tenants.acme.kid)) {
        const answer = await browser.ask(method, path, body)
        assert.equal(answer.statusCode, 403, `${method} ${path} ${answer.body}`)
      }
      assert.deepEqual(await read<LoginSettings>('/app/login/settings', browser), before)
      assert.ok(!(await browser.get('/app/login/keys')).body.includes(house.tenants.acme.secret))
    })

  test('nobody reads or changes the settings of another workspace', async () => {
    const { browser } = await openTeammate(house, house.tenants.globex, 'owner')
    const settings = await read<LoginSettings>('/app/login/settings', browser)
    assert.equal(settings.app_id, 'globex')
    for (const path of ['settings', 'keys', 'checklist', 'enforcement/web', 'snippets/node', 'log', 'log/facets'])
      assert.ok(!/acme/i.test((await browser.get(`/app/login/${path}`)).body), path)
    for (const [method, path, body] of [
      ['PUT', `/app/login/keys/${house.tenants.acme.kid}/retired`, { end_sessions: true }],
      ['DELETE', '/app/login/hosts/help.acme.test', undefined],
      ['POST', '/app/login/hosts/help.acme.test/checks', {}],
      ['DELETE', `/app/login/origins/${encodeURIComponent('https://app.acme.test')}`, undefined],
    ] as const)
      assert.equal((await browser.ask(method, path, body)).statusCode, 404, path)
  })

  test('without a session there is nothing', async () => {
    const stranger = (await openTeammate(house, house.tenants.acme, 'viewer', 'stranger')).browser
    stranger.cookies.clear()
    for (const path of ['settings', 'keys', 'checklist', 'enforcement/web', 'log', 'snippets/node'])
      assert.equal((await stranger.get(`/app/login/${path}`)).statusCode, 401, path)
  })
})

suite('settings', () => {
  test('a change holds within a second and is written down once', async () => {
    const before = (await audited()).length
    const change = { enforcement: { web: 'report' }, test_mode: true, login_url: 'https://app.acme.test/login' }
    const after = await tell<LoginSettings>('PUT', '/app/login/settings', change)
    assert.deepEqual(
      [after.enforcement, after.test_mode, after.login_url],
      [{ web: 'report', ios: 'enforce', android: 'enforce' }, true, 'https://app.acme.test/login'],
    )
    house.pass(1001)
    assert.equal((await house.browser().boot(undefined, { user_id: 'ada' })).statusCode, 200)
    await tell('PUT', '/app/login/settings', { test_mode: true })
    assert.deepEqual((await audited()).slice(before), [
      ['login.changed', null, 'enforcement_web: enforce → report, test_mode: 0 → 1, login_url: none → https://app.acme.test/login'],
    ])
    await house.app.decisions.flush()
    const report = await read<EnforcementAnswer>('/app/login/enforcement/web')
    assert.ok(report.refused >= 1)
    assert.ok(report.reasons.some(({ of, cure }) => of === 'user_jwt_missing' && cure.startsWith('Sign a JWT')))
    await tell('PUT', '/app/login/settings', { enforcement: { web: 'enforce' }, test_mode: false, login_url: '' })
    assert.equal((await read<LoginSettings>('/app/login/settings')).login_url, null)
    house.pass(1001)
  })

  for (const [what, body] of [
    ['a Login URL that is none', { login_url: 'app.acme.test/login' }],
    ['a Login URL that runs a script', { login_url: 'javascript:alert(1)' }],
    ['a level that does not exist', { enforcement: { web: 'maybe' } }],
    ['a field of another noun', { app_id: 'globex' }],
  ] as [string, object][])
    test(`${what} is refused, and nothing is changed`, async () => {
      const before = await read<LoginSettings>('/app/login/settings')
      assert.equal((await owner.ask('PUT', '/app/login/settings', body)).statusCode, 400)
      assert.deepEqual(await read<LoginSettings>('/app/login/settings'), before)
    })

  test('an origin boots once it is listed, and no longer once it is removed', async () => {
    const beta = { ...house.tenants.acme, app: 'https://beta.acme.test' }
    const statusOf = async () => {
      house.pass(1001)
      return (await house.browser(beta).boot(ada)).statusCode
    }
    assert.equal(await statusOf(), 403)
    assert.deepEqual(await tell('POST', '/app/login/origins', { origin: 'https://beta.acme.test/some/page' }), { origin: beta.app })
    assert.equal(await statusOf(), 200)
    await tell('DELETE', `/app/login/origins/${encodeURIComponent(beta.app)}`)
    assert.equal(await statusOf(), 403)
    assert.equal((await owner.ask('DELETE', `/app/login/origins/${encodeURIComponent(beta.app)}`)).statusCode, 404)
  })

  test('the teammates’ own host, and what is no address, is refused as a support host', async () => {
    const before = await read<LoginSettings>('/app/login/settings')
    for (const address of ['https://latchkey.test', 'ftp://docs.acme.test', 'docs', 'https://user:word@docs.acme.test'])
      assert.equal((await owner.ask('POST', '/app/login/hosts', { address })).statusCode, 400, address)
    assert.deepEqual(await read<LoginSettings>('/app/login/settings'), before)
  })

  test('a host is served once its record is found, and who proved it is written down', async () => {
    const wanted = await tell<HostRow>('POST', '/app/login/hosts', { address: 'https://docs.acme.test' })
    assert.equal(wanted.proved_by, null)
    const status = async () => {
      house.pass(1001)
      return (await house.get('/en', { headers: { host: 'docs.acme.test' } })).statusCode
    }
    const looked = await tell<HostRow>('POST', '/app/login/hosts/docs.acme.test/checks', {})
    assert.match(looked.proof?.dns_answer ?? '', /has no TXT record/)
    assert.match(looked.proof?.file_answer ?? '', /not found/)
    assert.equal(await status(), 421)
    published.set(wanted.proof?.txt_name ?? '', [wanted.proof?.txt_value ?? ''])
    assert.equal((await tell<HostRow>('POST', '/app/login/hosts/docs.acme.test/checks', {})).proved_by, 'dns')
    assert.notEqual(await status(), 421)
    await tell('PUT', '/app/login/hosts/docs.acme.test/primary')
    assert.equal((await read<LoginSettings>('/app/login/settings')).help_url, 'https://docs.acme.test')
    await tell('DELETE', '/app/login/hosts/docs.acme.test')
    assert.equal(await status(), 421)
    assert.deepEqual(
      (await audited()).filter(([action]) => action.startsWith('host.')),
      [
        ['host.wanted', 'https://docs.acme.test', null],
        ['host.proved', 'https://docs.acme.test', 'by dns'],
        ['host.preferred', 'https://docs.acme.test', null],
        ['host.removed', 'https://docs.acme.test', null],
      ],
    )
  })
})

suite('trying it', () => {
  test('a token is judged as the door would, and leaves no trace', async () => {
    await house.app.decisions.flush()
    const before = await house.db.selectFrom('login_log').select('id').execute()
    const viewer = (await openTeammate(house, house.tenants.acme, 'viewer', 'tester')).browser
    const token = house.jwt(ada)
    const good = await tell<TokenTestAnswer>('POST', '/app/login/token-tests', { token, door: 'login_jwt', platform: 'web' }, viewer)
    assert.deepEqual([good.accepted, good.user_id, good.kid], [true, 'ada', house.tenants.acme.kid])
    const twice = await tell<TokenTestAnswer>('POST', '/app/login/token-tests', { token, door: 'login_jwt', platform: 'web' }, viewer)
    assert.equal(twice.accepted, true)
    const bad = await tell<TokenTestAnswer>('POST', '/app/login/token-tests', { token: 'Bearer x', door: 'boot', platform: 'ios' }, viewer)
    assert.deepEqual(
      [bad.accepted, bad.code, bad.rules.find(({ state }) => state === 'failed')?.rule],
      [false, 'user_jwt_malformed', 'form'],
    )
    await house.app.decisions.flush()
    assert.deepEqual(await house.db.selectFrom('login_log').select('id').execute(), before)
    assert.deepEqual(await house.db.selectFrom('contacts').select('id').where('external_id', '=', 'nobody').execute(), [])
  })

  test('a minted token opens a session at every door, and who minted it is written down', async () => {
    const { token, kid, expires_at } = await tell<TestTokenAnswer>('POST', '/app/login/test-tokens', { user_id: 'mia', name: 'Mia' })
    assert.ok(expires_at - house.now() <= 300_000)
    assert.equal((await house.browser().boot(token)).statusCode, 200)
    assert.equal((await house.browser().post('/login/jwt', { jwt: token }, { form: true })).headers.location, '/')
    assert.deepEqual((await audited()).at(-1), ['user_jwt.minted', 'mia', `with ${kid}`])
    assert.ok(!JSON.stringify(await audited()).includes(token))
  })

  test('a link opens the support host as a user who is known, once, and who made it is written down', async () => {
    const { url } = await tell<LoginLinkAnswer>('POST', '/app/login/links', { user_id: 'mia', return_to: '/tickets' })
    const browser = house.browser()
    const path = new URL(url).pathname
    const asked = await browser.get(path)
    assert.match(asked.body, /Mia/)
    assert.deepEqual((await audited()).at(-1), ['login_link.made', 'mia', 'to open the support host as this user'])
    assert.equal((await owner.ask('POST', '/app/login/links', { user_id: 'nobody-at-all' })).statusCode, 404)
  })

  test('the code is written for this workspace, its host and its key', async () => {
    const { stacks } = await read<StacksAnswer>('/app/login/snippets')
    assert.equal(stacks.length, 10)
    for (const { stack } of stacks) {
      const { files } = await read<SnippetAnswer>(`/app/login/snippets/${stack}?kid=${house.tenants.acme.kid}`)
      const text = files.map(({ code }) => code).join('\n')
      for (const word of ['acme', house.tenants.acme.help, house.tenants.acme.kid]) assert.ok(text.includes(word), `${stack} ${word}`)
    }
    assert.equal((await owner.get('/app/login/snippets/cobol')).statusCode, 400)
    assert.equal((await owner.get('/app/login/snippets/node?kid=%27;alert(1)')).statusCode, 400)
  })

  test('the checklist speaks of this workspace', async () => {
    const { host, lines } = await read<Checklist>('/app/login/checklist')
    assert.equal(host, house.tenants.acme.help)
    assert.equal(lines.length, 9)
  })
})

suite('the login log', () => {
  test('shows what came since, page by page, filtered by every field', async () => {
    await house.app.decisions.flush()
    await house.db.deleteFrom('login_log').execute()
    await house.browser().boot(ada)
    await house.browser().boot('not a token')
    await house.app.decisions.flush()
    const { rows } = await read<LoginLogAnswer>('/app/login/log')
    assert.deepEqual(
      rows.map(({ outcome, code }) => [outcome, code]),
      [
        ['refused', 'user_jwt_malformed'],
        ['signed_in', null],
      ],
    )
    await house.browser().boot(ben)
    await house.app.decisions.flush()
    const since = await read<LoginLogAnswer>(`/app/login/log?after=${rows[0]?.id}`)
    assert.deepEqual(
      since.rows.map(({ user_id }) => user_id),
      ['ben'],
    )
    const counts: number[] = []
    for (const query of [
      'outcome=refused',
      'code=user_jwt_malformed',
      'door=boot',
      'user_id=ada',
      `kid=${house.tenants.acme.kid}`,
      'origin=x',
    ])
      counts.push((await read<LoginLogAnswer>(`/app/login/log?${query}`)).rows.length)
    assert.deepEqual(counts, [1, 1, 3, 1, 2, 0])
    assert.equal((await read<LoginLogAnswer>(`/app/login/log?before=${rows[0]?.id}`)).rows.length, 1)
    const facets = await read<Record<string, string[]>>('/app/login/log/facets')
    assert.deepEqual([facets['outcome'], facets['code']], [['refused', 'signed_in'], ['user_jwt_malformed']])
  })
})
