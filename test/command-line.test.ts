import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listAuditLog } from '#domain/audit/audit-log.ts'
import { findSecondStep } from '#domain/teammates/second-steps.ts'
import { listTeammateSessions, startTeammateSession } from '#domain/teammates/teammate-sessions.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { getWorkspace } from '#domain/workspaces/workspaces.ts'
import { openDatabase } from '#platform/database/database.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
const data = join(folder, 'data')
after(() => rmSync(folder, { recursive: true }))

function latchkey(...words: string[]): { status: number | null; out: string; err: string } {
  const env = { PATH: process.env['PATH'], LATCHKEY_DATA: data }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '../bin/latchkey.js'), ...words], {
    env,
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

function succeed(...words: string[]): string {
  const { status, out, err } = latchkey(...words)
  assert.equal(status, 0, `${words.join(' ')}: ${err}`)
  return out
}

test('setup gives everything that a workspace needs, and shows its secrets once', () => {
  const out = succeed('setup', 'Acme', '--host', 'https://help.acme.com', '--origin', 'https://app.acme.com')
  const read = (name: RegExp) => name.exec(out)?.[1] ?? assert.fail(`${name} is not in ${out}`)
  const appId = read(/app_id +(\w+)/)
  const secret = read(/messenger secret +(\S{43})\n/)
  const kid = read(/its kid +(mk_\w+)/)
  const token = read(/API token +(lk_\S{43})\n/)
  assert.match(out, new RegExp(`app_id: '${appId}'`))
  assert.match(out, /src="https:\/\/help\.acme\.com\/messenger\.js"/)

  const lists = [
    succeed('workspace', 'list'),
    succeed('host', 'list', appId),
    succeed('origin', 'list', appId),
    succeed('key', 'list', appId),
    succeed('token', 'list', appId),
  ].join('\n')
  for (const shown of [appId, 'https://help.acme.com', 'https://app.acme.com', kid, `lk_…${token.slice(-4)}`])
    assert.ok(lists.includes(shown), shown)
  for (const hidden of [secret, token]) assert.ok(!lists.includes(hidden))

  succeed('workspace', 'set', appId, '--login-url', 'https://app.acme.com/login', '--enforce-web', 'report')
  assert.match(succeed('workspace', 'list'), /Acme +report +https:\/\/app\.acme\.com\/login/)
  assert.match(
    succeed('workspace', 'set', appId, '--return-to-parameter', 'returnTo', '--cookie-door', 'on'),
    /return_to_parameter, cookie_door/,
  )
  for (const name of ['state', '', 'a b', '?'])
    assert.notEqual(latchkey('workspace', 'set', appId, '--return-to-parameter', name).status, 0, name)
  succeed('host', 'add', appId, 'https://help.acme.org')
  succeed('host', 'set', appId, 'https://help.acme.org', '--primary')
  assert.equal(succeed('host', 'list', appId), 'https://help.acme.com\nhttps://help.acme.org  primary\n')
  const pinned = succeed('loader', appId)
  assert.match(pinned, /^address +https:\/\/help\.acme\.org\/messenger-[\w-]{22}\.js\nintegrity +sha384-[\w+/]{64}\n/)
  assert.match(pinned, /\n<script src="https:\S+" integrity="sha384-\S+" crossorigin="anonymous" defer><\/script>\n$/)
  succeed('host', 'retire', appId, 'https://help.acme.org')
  assert.equal(succeed('host', 'list', appId), 'https://help.acme.com  primary\n')
  succeed('origin', 'add', appId, 'https://beta.acme.com')
  succeed('origin', 'retire', appId, 'https://app.acme.com')
  assert.equal(succeed('origin', 'list', appId), 'https://beta.acme.com\n')

  const added = succeed('key', 'add', appId, '--name', 'Second', '--platforms', 'ios')
  assert.match(added, /secret +\S{43}/)
  succeed('key', 'retire', appId, kid, '--end-sessions')
  assert.match(succeed('key', 'list', appId), new RegExp(`${kid} +First key +HS256 +web,ios,android +– +2\\d{3}-`))
  const tokenAdded = succeed(
    'token',
    'add',
    appId,
    '--email',
    'tess@acme.com',
    '--teammate',
    'Tess',
    '--scopes',
    'tickets:read',
    '--days',
    '7',
  )
  const id = /id +(\d+)/.exec(tokenAdded)?.[1] ?? ''
  assert.match(succeed('token', 'retire', appId, id), /Retired/)
  assert.match(succeed('token', 'list', appId), /Tess +tickets:read/)
  assert.match(succeed('login-log', appId), /OUTCOME/)
  assert.equal(succeed('login-log', appId, '--json', '--limit', '5'), '')
  assert.equal(succeed('migrate'), 'Nothing to do.\n')
})

test('a public key is added from a file, listed with its issuer, and a private one is refused', () => {
  const appId = /^(\S+) +Acme/m.exec(succeed('workspace', 'list'))?.[1] ?? ''
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [file, secretFile] = [join(folder, 'public.pem'), join(folder, 'private.pem')]
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(secretFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const add = (path: string, ...more: string[]) => ['key', 'add', appId, '--public-key', path, '--algorithm', 'ES256', ...more]
  const whose = ['--issuer', 'https://id.acme.com/', '--audience', 'support']
  const kid = /kid +(mk_\w+)/.exec(succeed(...add(file, ...whose, '--claim', 'user_id=sub', '--name', 'Backend')))?.[1]
  assert.match(succeed('key', 'list', appId), new RegExp(`${kid} +Backend +ES256 .* https://id\\.acme\\.com/ +support`))
  for (const [words, status, says] of [
    [add(secretFile, ...whose), 1, /This is a private or secret key/],
    [add(file, '--audience', 'support'), 2, /--issuer is missing/],
    [add(file, '--issuer', 'x'), 2, /--audience is missing/],
    [add(file, ...whose, '--secret'), 2, /Name one of/],
    [add(file, ...whose, '--claim', 'user_id'), 2, /user_id=sub/],
    [['key', 'add', appId, '--public-key', file, ...whose], 2, /--algorithm is one of/],
    [['key', 'add', appId, '--jwks-url', 'https://127.0.0.1/jwks', '--algorithm', 'RS256', ...whose], 1, /not a public address/],
  ] as const) {
    const answer = latchkey(...words)
    assert.equal(answer.status, status, answer.err)
    assert.match(answer.err, says)
  }
})

test('the data folder and its key are for this user alone', () => {
  assert.equal(statSync(data).mode & 0o777, 0o700)
  assert.equal(statSync(join(data, 'encryption.key')).mode & 0o777, 0o600)
})

for (const [what, words, status, says] of [
  ['an unknown command', ['frob'], 2, /no command frob/],
  ['a missing name', ['workspace', 'add'], 2, /NAME is missing/],
  ['an unknown option', ['workspace', 'list', '--frob'], 2, /frob/],
  ['setup without a host', ['setup', 'Acme', '--origin', 'https://app.acme.com'], 2, /--host is missing/],
  ['an unknown workspace', ['host', 'list', 'nobody'], 1, /no workspace nobody/],
  ['an address that is none', ['setup', 'Acme', '--host', 'https://help.two.com', '--origin', 'app'], 1, /not an http/],
] as const)
  test(`${what} is told in one sentence, with exit code ${status}`, () => {
    const answer = latchkey(...words)
    assert.equal(answer.status, status, answer.err)
    assert.match(answer.err, says)
    assert.ok(!answer.err.includes('    at '), 'no stack')
  })

test('a session is ended, and a contact blocked, only where there is one', () => {
  const appId = /^(\S+) +Acme/m.exec(succeed('workspace', 'list'))?.[1] ?? ''
  for (const words of [
    ['session', 'list', appId, 'ada'],
    ['session', 'end', appId, 'ada'],
    ['contact', 'block', appId, 'ada'],
    ['contact', 'unblock', appId, 'ada'],
  ]) {
    assert.deepEqual([latchkey(...words).status, latchkey(...words).err], [1, 'User Not Found\n'])
  }
  assert.match(succeed('session', 'end', appId, '--id', '7'), /no such session/)
})

test('help names every command', () => {
  const out = succeed('help')
  for (const command of [
    'serve',
    'migrate',
    'setup',
    'workspace set',
    'host add',
    'origin retire',
    'key retire',
    'token retire',
    'session end',
    'contact block',
    'login-log',
  ])
    assert.ok(out.includes(command), command)
})

test('a provider is added after it was asked, listed without its secret, and retired', () => {
  const appId = /app_id +(\w+)/.exec(succeed('workspace', 'add', 'Providers'))?.[1] ?? ''
  const secret = join(folder, 'client-secret')
  writeFileSync(secret, 'only the provider knows\n')
  const words = [
    'provider',
    'add',
    appId,
    'Engines ID',
    '--issuer',
    'http://127.0.0.1:9',
    '--client-id',
    'help',
    '--client-secret-file',
    secret,
  ]
  const refused = latchkey(...words)
  assert.deepEqual([refused.status, /no provider that can be asked/.test(refused.err)], [2, true], refused.err)
  succeed('host', 'add', appId, 'https://help.providers.test')
  const added = succeed(...words, '--unchecked', '--alg', 'ES256', '--domains', 'engines.test,king.test')
  assert.match(added, /https:\/\/help\.providers\.test\/login\/oidc\/callback/)
  const list = succeed('provider', 'list', appId)
  assert.match(list, /Engines ID +http:\/\/127\.0\.0\.1:9 +help +yes +openid email profile +ES256 +engines\.test king\.test/)
  assert.ok(!`${added}${list}`.includes('only the provider knows'))
  assert.equal(latchkey(...words, '--unchecked').status, 1)
  assert.equal(
    latchkey('provider', 'add', appId, 'X', '--issuer', 'https://x.test', '--client-id', 'y', '--alg', 'HS256', '--unchecked').status,
    2,
  )
  const id = /^(\d+) /m.exec(list)?.[1] ?? ''
  succeed('provider', 'retire', appId, id)
  assert.equal(latchkey('provider', 'retire', appId, id).status, 1)
  assert.match(succeed('workspace', 'set', appId, '--email-links', 'on'), /LATCHKEY_SMTP_URL/)
})

test('the set-up link is the same every time; invites and new passwords are links that work once', () => {
  const link = succeed('setup-link')
  assert.match(link, /^http:\/\/latchkey\.localhost:4000\/setup\?code=[\w-]{43}\n$/)
  assert.equal(succeed('setup-link'), link)
  const appId = /app_id +(\w+)/.exec(succeed('workspace', 'add', 'Team'))?.[1] ?? assert.fail('no app_id')
  const [first, second] = [1, 2].map(() => succeed('teammate', 'invite', appId, 'Ola@team.test', '--role', 'owner'))
  for (const invite of [first, second]) assert.match(invite ?? '', /^http:\/\/latchkey\.localhost:4000\/invite\?code=[\w-]{43}\n$/)
  assert.notEqual(first, second)
  succeed('token', 'add', appId, '--name', 'scripts', '--email', 'robot@team.test', '--teammate', 'Robot')
  assert.match(succeed('teammate', 'list', appId), /robot@team\.test +Robot +agent +no +–/)
  assert.match(succeed('teammate', 'reset', appId, 'robot@team.test'), /\/reset\?code=[\w-]{43}\n$/)
  const none = latchkey('teammate', 'reset-second-step', appId, 'robot@team.test')
  assert.deepEqual([none.status, none.err.startsWith('There is no second step')], [1, true])
  for (const words of [
    ['reset', appId, 'nobody@team.test'],
    ['reset-second-step', appId, 'nobody@team.test'],
    ['reset-second-step', appId],
    ['invite', appId, 'ola@team.test', '--role', 'king'],
    ['invite', appId, 'ola'],
  ])
    assert.equal(latchkey('teammate', ...words).status, 2, words.join(' '))
})

test('a second step is reset on the server, for an owner who lost phone and recovery codes; their sessions end', async () => {
  const appId = /app_id +(\w+)/.exec(succeed('workspace', 'add', 'Lost'))?.[1] ?? assert.fail('no app_id')
  const db = openDatabase(join(data, 'latchkey.db'))
  try {
    const now = Date.now()
    const workspace = await getWorkspace(db, appId)
    const owner = await addTeammate(db, workspace, { name: 'Ola', email: 'ola@lost.test', role: 'owner' }, now)
    await startTeammateSession(db, owner, { device: 'Phone', address: '127.0.0.1', now })
    const row = { workspace_id: workspace.id, teammate_id: owner.id, sealed_secret: 'x', last_step: 1, turned_on_at: now }
    await db.insertInto('second_steps').values(row).execute()
    assert.match(succeed('teammate', 'reset-second-step', appId, 'Ola@lost.test'), /^ola@lost\.test signs in with the password alone now/)
    assert.equal(await findSecondStep(db, owner), undefined)
    assert.deepEqual(await listTeammateSessions(db, owner, now), [])
    const [line] = await listAuditLog(db, workspace)
    assert.deepEqual([line?.action, line?.teammate_id, line?.subject], ['second_step.reset', null, 'ola@lost.test'])
  } finally {
    await db.destroy()
  }
})
