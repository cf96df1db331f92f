import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { isSetUp } from '#domain/installation/first-owner.ts'
import { listTeammates } from '#domain/teammates/teammates.ts'
import { openHouse, type House } from '#test/house.ts'
import { teamBrowser } from '#test/team.ts'

let house: House
let code: string
before(async () => {
  house = await openHouse()
  code = house.app.installationKeys.setUpCode
})
after(() => house.close())

const ola = { name: 'Ola Owner', email: 'Ola@Acme.test', password: 'three short words', app_id: 'acme' }

suite('an installation without an owner', () => {
  test('leads to its set-up, which asks for the link that the server printed', async () => {
    const browser = teamBrowser(house)
    for (const path of ['/', '/sign-in']) assert.equal((await browser.get(path)).headers.location, '/setup')
    const page = await browser.get('/setup')
    assert.equal(page.statusCode, 200)
    assert.match(page.body, /npx latchkey setup-link/)
    assert.doesNotMatch(page.body, /<form/)
    assert.ok(!page.body.includes(code))
  })

  for (const [what, fields, status] of [
    ['without the link', { ...ola }, 400],
    ['with another link', { ...ola, code: 'x'.repeat(43) }, 403],
    ['with an empty link', { ...ola, code: '' }, 403],
    ['with a short password', { ...ola, password: 'seven77' }, 422],
    ['with a password that everybody uses', { ...ola, password: 'Password123' }, 422],
    ['with their address as the password', { ...ola, password: 'ola@acme.test' }, 422],
    ['for a workspace that is not there', { ...ola, app_id: 'nobody' }, 404],
    ['with an address that is none', { ...ola, email: 'ola' }, 400],
  ] as const)
    test(`lets nobody be the owner ${what}`, async () => {
      const browser = teamBrowser(house)
      const needsCode = 'code' in fields || what === 'without the link' ? fields : { ...fields, code }
      const answer = await browser.send('/setup', needsCode)
      assert.equal(answer.statusCode, status, answer.body)
      assert.equal(answer.headers['set-cookie'], undefined)
      assert.ok(!answer.body.includes(fields.password))
      assert.equal(await isSetUp(house.db), false)
      assert.deepEqual(await listTeammates(house.db, house.acme), [])
    })

  test('lets no other site send the form', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await teamBrowser(house).send('/setup', { ...ola, code }, { headers })
      assert.equal(answer.statusCode, 403)
    }
    assert.equal(await isSetUp(house.db), false)
  })

  test('takes one owner of two who press the button at once, and signs them in', async () => {
    const browsers = [teamBrowser(house), teamBrowser(house)]
    const answers = await Promise.all(
      browsers.map((browser, index) => browser.send('/setup', { ...ola, email: `ola${index}@acme.test`, code })),
    )
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
      [303, 410],
    )
    const winner = browsers[answers.findIndex(({ statusCode }) => statusCode === 303)]
    const session = await winner?.ask('GET', '/app/session')
    assert.equal(session?.json<{ teammate: { role: string } }>().teammate.role, 'owner')
    assert.equal((await listTeammates(house.db, house.acme)).length, 1)
  })
})

suite('after its set-up', () => {
  test('the link is dead on every route', async () => {
    const browser = teamBrowser(house)
    for (const path of ['/setup', `/setup?code=${code}`]) {
      const answer = await browser.get(path)
      assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/sign-in'])
    }
    for (const app_id of ['acme', 'globex']) {
      const answer = await browser.send('/setup', { ...ola, email: 'late@acme.test', app_id, code })
      assert.equal(answer.statusCode, 410)
      assert.equal(answer.headers['set-cookie'], undefined)
    }
    assert.equal((await listTeammates(house.db, house.acme)).length, 1)
    assert.equal((await listTeammates(house.db, house.globex)).length, 0)
  })
})

test('an empty installation gets its first workspace by the same form', async () => {
  const empty = await openHouse()
  try {
    for (const table of ['signing_keys', 'origins', 'hosts', 'workspaces'] as const) await empty.db.deleteFrom(table).execute()
    const browser = teamBrowser(empty)
    const own = { code: empty.app.installationKeys.setUpCode, name: 'Ola', email: 'ola@new.test', password: 'three short words' }
    const page = await browser.get(`/setup?code=${own.code}`)
    assert.match(page.body, /name="workspace_name"/)
    const fields = { ...own, workspace_name: 'New & Co', host: 'https://help.new.test', origin: 'https://app.new.test', locale: 'ja' }
    assert.equal((await browser.send('/setup', own)).statusCode, 400)
    const wrong = await browser.send('/setup', { ...fields, host: 'help.new.test' })
    assert.equal(wrong.statusCode, 400)
    assert.match(wrong.body, /value="New &amp; Co"/)
    assert.equal((await browser.send('/setup', { ...fields, host: 'https://latchkey.test' })).statusCode, 400)
    assert.equal(await isSetUp(empty.db), false)
    assert.equal((await browser.send('/setup', fields)).statusCode, 303)
    const session = (await browser.ask('GET', '/app/session')).json<{ workspace: { name: string } }>()
    assert.equal(session.workspace.name, 'New & Co')
    const help = await empty.app.inject({ url: '/ja', headers: { host: 'help.new.test' } })
    assert.equal(help.statusCode, 200)
  } finally {
    await empty.close()
  }
})
