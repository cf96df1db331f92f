import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ada, ben } from '#test/cast.ts'
import { openHouse, type Browser, type House, type Node } from '#test/house.ts'

const PATIENCE_MS = 20_000

let folder: string
let house: House
let other: Node
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-nodes-'))
  house = await openHouse({ LATCHKEY_DATA: folder })
  other = await house.openNode()
})
after(async () => {
  await other.close()
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await ask()
    if (seen === expected || performance.now() > until) return assert.equal(seen, expected)
    await sleep(10)
  }
}

const isSignedIn = async (browser: Browser) => (await browser.get('/messenger/conversations')).statusCode === 200

test('a logout at one node ends the session at the other, which has it in memory', async () => {
  const here = house.browser()
  await here.boot(ada)
  const there = other.browser(here)
  for (let time = 0; time < 3; time++) assert.equal(await isSignedIn(there), true)
  const kept = house.browser()
  for (const [name, value] of here.cookies) kept.cookies.set(name, value)
  await here.shutdown()
  await eventually(() => isSignedIn(other.browser(kept)), false)
})

test('a token that was used up at one node is refused at the other, which has just taken it at the boot door', async () => {
  const jwt = house.jwt({ ...ben, jti: 'once' })
  const answerThere = async () => {
    const response = await other.browser(house.browser()).boot(jwt)
    return response.statusCode === 200 ? 'signed in' : response.json().errors[0].code
  }
  assert.equal(await answerThere(), 'signed in')
  assert.equal(await answerThere(), 'signed in')
  const used = await house.browser().post('/login/jwt', { jwt }, { form: true })
  assert.equal(used.statusCode, 303, used.body)
  await eventually(answerThere, 'user_jwt_already_used')
})

test('a boot that one node answers from memory is nobody’s there after a logout at the other', async () => {
  const browser = house.browser()
  const jwt = house.jwt(ada)
  await browser.boot(jwt)
  const cookie = browser.cookies.get('__Host-latchkey') ?? ''
  const cookieThere = async () => {
    const kept = house.browser()
    kept.cookies.set('__Host-latchkey', cookie)
    assert.equal((await other.browser(kept).boot(jwt)).statusCode, 200)
    return kept.cookies.get('__Host-latchkey') === cookie
  }
  for (let time = 0; time < 3; time++) assert.equal(await cookieThere(), true)
  await browser.shutdown()
  await eventually(cookieThere, false)
})

test('a setting that is changed at one node holds at the other', async () => {
  const nameThere = async () => (await other.browser(house.browser()).boot()).json().settings.workspace_name
  assert.equal(await nameThere(), 'Acme')
  await house.change({ name: 'Acme & Sons' })
  await eventually(nameThere, 'Acme & Sons')
})
