import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addHost, addOrigin, changeWorkspace, removeHost } from '#domain/workspaces/workspaces.ts'
import { ada } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'

const root = join(import.meta.dirname, '..')

let house: House
let help = ''
let app = ''
before(async () => {
  house = await openHouse()
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = house.app.server.address() as AddressInfo
  help = `http://help.acme.localhost:${port}`
  app = `http://app.acme.localhost:${port}`
  await addHost(house.db, house.acme, help, house.now())
  await removeHost(house.db, house.acme, house.tenants.acme.help)
  await addOrigin(house.db, house.acme, app, house.now())
  await changeWorkspace(house.db, house.acme, { login_url: `${app}/login` })
})
after(() => house.close())

interface Report {
  ok: boolean
  findings: { id: string; state: string; code: string | null; evidence: string; cure: string | null; docs: string }[]
}

function doctor(...words: string[]): Promise<{ exitCode: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/latchkey.js', 'doctor', ...words], { cwd: root }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), text: stdout + stderr }),
    )
  })
}

const examine = async (...words: string[]) => {
  const { exitCode, text } = await doctor('--json', ...words)
  return { exitCode, report: JSON.parse(text) as Report }
}

test('it says in plain lines what is fine, what is not, and what would cure it', async () => {
  const { exitCode, text } = await doctor(help)
  assert.match(text, /✔ Set-Cookie arrives as it was sent\. Set-Cookie: latchkey-probe arrived with its attributes\./)
  assert.match(text, /⚠ Latchkey’s clock and the clock of this machine disagree\. \(support_clock_off\)\n {4}\S.*\n {4}Cure: Set the clock/)
  assert.match(text, /✖ The Login URL answers with an error\. \(login_url_fails\)/)
  assert.match(text, /1 broken, 1 to look at, \d+ fine\./)
  assert.match(text, /With --app-url/)
  assert.equal(exitCode, 1)
})

test('for a program it says the same as JSON, with a heading of the documentation for each finding', async () => {
  const { report } = await examine(help, '--app-url', app)
  assert.equal(report.ok, false)
  assert.deepEqual(
    report.findings.filter(({ id }) => id === 'site' || id === 'preflight').map(({ state, docs }) => [state, docs]),
    [
      ['ok', 'login.md#nothing-on-the-way-strips-or-caches'],
      ['ok', 'login.md#app-and-support-host-are-one-site'],
    ],
  )
})

test('with a token it signs in, opens the next page, and leaves no session behind', async () => {
  const boot = async (token: string) =>
    (await examine(help, '--app-url', app, '--token', token)).report.findings.find(({ id }) => id === 'boot')
  const good = await boot(house.jwt(ada))
  assert.deepEqual([good?.state, good?.code], ['ok', null])
  assert.deepEqual(await house.db.selectFrom('sessions').selectAll().execute(), [])
  const expired = await boot(house.jwt({ ...ada, exp: 1 }))
  assert.deepEqual(
    [expired?.state, expired?.code, expired?.cure],
    ['fail', 'user_jwt_expired', 'Sign a fresh token for each page load; exp is in Unix seconds.'],
  )
})

for (const [what, words, code] of [
  ['a name that nobody knows', ['https://no-such-name.invalid'], 'name_not_found'],
  ['a port where nothing listens', ['http://help.acme.localhost:1'], 'not_reached'],
  ['a certificate that is none', () => [help.replace('http:', 'https:')], 'certificate_not_trusted'],
  ['a host of nobody', () => [help.replace('help', 'other')], 'host_unknown'],
  ['a name that leads elsewhere', () => ['https://help.acme.com:1', '--resolve', 'help.acme.com=127.0.0.1'], 'not_reached'],
] as const)
  test(`${what} is named: ${code}`, async () => {
    const { exitCode, report } = await examine(...(typeof words === 'function' ? words() : words))
    assert.deepEqual([exitCode, report.findings.find(({ state }) => state === 'fail')?.code], [1, code])
  })

for (const [what, words] of [
  ['without an address', []],
  ['with something that is no address', ['help.acme.com']],
  ['with an option it does not know', ['https://help.acme.com', '--fast']],
] as const)
  test(`${what} it says how it is used, and exits with 2`, async () => {
    const { exitCode, text } = await doctor(...words)
    assert.equal(exitCode, 2)
    assert.match(text, /\S/)
  })
