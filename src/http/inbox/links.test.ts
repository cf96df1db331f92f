import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate, findTeammateByEmail, type Teammate } from '#domain/teammates/teammates.ts'
import type { Mail, Mailer } from '#platform/mail/mailer.ts'
import type { LinkAnswer, TeammatesAnswer } from '#shared/inbox.ts'
import { openHouse, type House } from '#test/house.ts'
import { openMailbox } from '#test/mailbox.ts'
import { givePassword, openTeammate, PASSWORD, teamBrowser, type TeamBrowser } from '#test/team.ts'

const HOUR = 3_600_000
const outbox: Mail[] = []
const mailer: Mailer = {
  isConfigured: true,
  close: () => undefined,
  async send(mail) {
    outbox.push(mail)
    return { ok: true }
  },
}

let house: House
let owner: TeamBrowser
let olga: Teammate
before(async () => {
  house = await openHouse({}, { mailer })
  const opened = await openTeammate(house, house.tenants.acme, 'owner', 'Olga')
  owner = opened.browser
  olga = opened.teammate
})
after(() => house.close())

const pathOf = (link: string) => link.replace('https://latchkey.test', '')
const codeOf = (link: string) => new URL(link).searchParams.get('code') ?? ''
const invite = async (email: string, role = 'agent') => (await owner.ask('POST', '/app/invites', { email, role })).json<LinkAnswer>()
const join = (link: string, fields: Record<string, string> = {}, browser = teamBrowser(house)) =>
  browser.send('/invite', { code: codeOf(link), name: 'Ina', password: PASSWORD, ...fields })

suite('an invite', () => {
  test('works once: it makes a teammate of that address and role, and signs them in', async () => {
    const { link, is_mailed } = await invite('Ina@acme.test')
    assert.match(link, /^https:\/\/latchkey\.test\/invite\?code=[\w-]{43}$/)
    assert.equal(is_mailed, true)
    const mail = outbox.at(-1)
    assert.equal(mail?.to, 'ina@acme.test')
    assert.ok(mail?.text.includes(link))
    const browser = teamBrowser(house)
    for (let scan = 0; scan < 2; scan += 1) assert.match((await browser.get(pathOf(link))).body, /ina@acme\.test/)
    assert.equal((await join(link, { password: 'short' }, browser)).statusCode, 422)
    assert.equal((await join(link, { role: 'owner', email: 'other@acme.test' }, browser)).statusCode, 303)
    const { teammate } = (await browser.ask('GET', '/app/session')).json<{ teammate: Record<string, unknown> }>()
    assert.deepEqual([teammate['email'], teammate['role'], teammate['name']], ['ina@acme.test', 'agent', 'Ina'])
    assert.equal((await join(link)).statusCode, 410)
    assert.equal((await teamBrowser(house).get(pathOf(link))).statusCode, 410)
  })

  test('of two who open it at once makes one teammate', async () => {
    const { link } = await invite('race@acme.test')
    const answers = await Promise.all([join(link), join(link)])
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
      [303, 410],
    )
  })

  test('of an address that spoke through the API only keeps its tokens working', async () => {
    const robot = await addTeammate(house.db, house.acme, { name: 'Robot', email: 'robot@acme.test' }, house.now())
    const { token } = await createApiToken(house.db, robot, { name: 'robot', now: house.now() })
    assert.equal((await join((await invite('robot@acme.test', 'viewer')).link)).statusCode, 303)
    const me = await house.app.inject({ url: '/api/me', headers: { host: 'latchkey.test', authorization: `Bearer ${token}` } })
    assert.equal(me.json<{ id: string }>().id, String(robot.id))
  })

  test('brings back somebody who was removed, under the id they had', async () => {
    const before = await findTeammateByEmail(house.db, house.acme, 'ina@acme.test')
    assert.equal((await owner.ask('DELETE', `/app/teammates/${before?.id}`)).statusCode, 204)
    assert.equal((await teamBrowser(house).send('/sign-in', { email: 'ina@acme.test', password: PASSWORD })).statusCode, 401)
    assert.equal((await join((await invite('ina@acme.test', 'viewer')).link, { password: 'other words now' })).statusCode, 303)
    const after = await findTeammateByEmail(house.db, house.acme, 'ina@acme.test')
    assert.deepEqual([after?.id, after?.role, after?.removed_at], [before?.id, 'viewer', null])
  })

  test('is refused for somebody who signs in already', async () => {
    const answer = await owner.ask('POST', '/app/invites', { email: 'INA@acme.test', role: 'admin' })
    assert.equal(answer.statusCode, 409)
  })

  for (const [flaw, spoil] of [
    ['older than a day', async () => house.pass(24 * HOUR)],
    ['sent again', async (email: string) => void (await invite(email))],
    ['sent again from the list', async (email: string) => void (await owner.ask('POST', `/app/invites/${await idOf(email)}/link`, {}))],
    ['withdrawn', async (email: string) => void (await owner.ask('DELETE', `/app/invites/${await idOf(email)}`))],
    ['of somebody removed', async () => remove(olga)],
    ['of somebody who may not invite any more', async () => demote(olga)],
  ] as const)
    test(`that is ${flaw} opens nothing and leaves nobody behind`, async () => {
      const email = `${flaw.replaceAll(' ', '-')}@acme.test`
      const { link } = await invite(email)
      await spoil(email)
      const [shown, sent] = [await teamBrowser(house).get(pathOf(link)), await join(link)]
      assert.deepEqual([shown.statusCode, sent.statusCode], [410, 410])
      assert.equal(sent.headers['set-cookie'], undefined)
      assert.equal(await findTeammateByEmail(house.db, house.acme, email), undefined)
      await restore(olga)
    })

  for (const code of ['', 'x', 'null', 'x'.repeat(43)])
    test(`with the code “${code.slice(0, 4)}” is none`, async () => {
      assert.equal((await teamBrowser(house).get(`/invite?code=${code}`)).statusCode, 410)
    })

  const remove = (teammate: Teammate) =>
    house.db.updateTable('teammates').set({ removed_at: house.now() }).where('id', '=', teammate.id).execute()
  const demote = (teammate: Teammate) => house.db.updateTable('teammates').set({ role: 'agent' }).where('id', '=', teammate.id).execute()
  const restore = async (teammate: Teammate) => {
    await house.db.updateTable('teammates').set({ removed_at: null, role: 'owner' }).where('id', '=', teammate.id).execute()
  }
  const idOf = async (email: string) =>
    (await owner.ask('GET', '/app/teammates')).json<TeammatesAnswer>().invites.find((row) => row.email === email)?.id
})

suite('a forgotten password', () => {
  let ina: Teammate
  before(async () => {
    const opened = await openTeammate(house, house.tenants.acme, 'agent', 'Rena')
    ina = opened.teammate
    await givePassword(house, ina)
  })
  const choose = (link: string, password: string, browser = teamBrowser(house)) =>
    browser.send('/reset/password', { code: codeOf(link), password })
  const askFor = async (email: string) => {
    const answer = await teamBrowser(house).send('/reset', { email })
    assert.equal(answer.statusCode, 200)
    return answer
  }
  /** The answer does not wait for the mail, so whoever wants to read it does. */
  const mailFor = async (email: string) => {
    const before = outbox.length
    const isHere = () => outbox.slice(before).find(({ to }) => to === email)
    await askFor(email)
    while (!isHere()) await setTimeout(5)
    return isHere()
  }
  const linkIn = (mail: Mail | undefined) => /https:\/\/latchkey\.test\/reset\?code=[\w-]{43}/.exec(mail?.text ?? '')?.[0] ?? ''

  test('is answered alike for every address, and mailed only to a teammate', async () => {
    const before = outbox.length
    const unknown = await askFor('stranger@acme.test')
    const known = await askFor('rena@acme.test')
    assert.equal(known.body, unknown.body)
    await mailFor('rena@acme.test')
    assert.ok(outbox.slice(before).every(({ to }) => to === 'rena@acme.test'))
  })

  test('is replaced by a link that works once, ends every session, and makes the old password worthless', async () => {
    const elsewhere = teamBrowser(house)
    await elsewhere.send('/sign-in', { email: 'rena@acme.test', password: PASSWORD })
    assert.equal((await elsewhere.ask('GET', '/app/session')).statusCode, 200)
    const link = linkIn(await mailFor('rena@acme.test'))
    assert.match((await teamBrowser(house).get(pathOf(link))).body, /rena@acme\.test/)
    assert.equal((await choose(link, '12345678')).statusCode, 422)
    assert.equal((await elsewhere.ask('GET', '/app/session')).statusCode, 200)
    const browser = teamBrowser(house)
    assert.equal((await choose(link, 'brand new words', browser)).statusCode, 303)
    assert.equal((await browser.ask('GET', '/app/session')).statusCode, 200)
    assert.equal((await elsewhere.ask('GET', '/app/session')).statusCode, 401)
    assert.equal((await choose(link, 'yet other words')).statusCode, 410)
    for (const [password, status] of [
      [PASSWORD, 401],
      ['brand new words', 303],
    ] as const)
      assert.equal((await teamBrowser(house).send('/sign-in', { email: 'rena@acme.test', password })).statusCode, status)
  })

  test('is not replaced by an older link, nor after an hour', async () => {
    house.pass(HOUR)
    const old = linkIn(await mailFor('rena@acme.test'))
    const fresh = linkIn(await mailFor('rena@acme.test'))
    assert.equal((await choose(old, 'from the old one')).statusCode, 410)
    house.pass(HOUR)
    assert.equal((await choose(fresh, 'from the late one')).statusCode, 410)
  })

  test('floods nobody’s mailbox', async () => {
    house.pass(HOUR)
    const before = outbox.length
    const mailed = () => outbox.slice(before).filter(({ to }) => to === 'rena@acme.test').length
    for (let turn = 0; turn < 6; turn += 1) await askFor('rena@acme.test')
    await givePassword(house, olga)
    await mailFor('olga@acme.test')
    // They are sent side by side: one to somebody else may overtake.
    while (mailed() < 3) await setTimeout(5)
    assert.equal(mailed(), 3)
  })

  test('is set by a link that an owner makes, after giving their own password again', async () => {
    await givePassword(house, olga)
    const signedIn = teamBrowser(house)
    await signedIn.send('/sign-in', { email: 'olga@acme.test', password: PASSWORD })
    house.pass(11 * 60_000)
    const make = () => signedIn.ask('POST', `/app/teammates/${ina.id}/reset-link`, {})
    const first = await make()
    assert.deepEqual([first.statusCode, first.json<{ errors: { code: string }[] }>().errors[0]?.code], [403, 'password_check_needed'])
    assert.equal((await signedIn.ask('POST', '/app/password-checks', { password: 'wrong one' })).statusCode, 422)
    assert.equal((await make()).statusCode, 403)
    assert.equal((await signedIn.ask('POST', '/app/password-checks', { password: PASSWORD })).statusCode, 204)
    const { link } = (await make()).json<LinkAnswer>()
    assert.equal((await choose(link, 'words from a link')).statusCode, 303)
  })
})

test('by SMTP the invite and the reset arrive at the mail server, each with its link, at that address alone', async () => {
  const box = await openMailbox()
  const posted = await openHouse(box.environment)
  const letterTo = async (address: string) => {
    for (let waited = 0; waited < 5000; waited += 20) {
      const found = box.mails.find(({ to }) => to.join() === address)
      if (found) return found
      await setTimeout(20)
    }
    throw new Error(`Nothing arrived at ${address}.`)
  }
  try {
    const { browser } = await openTeammate(posted, posted.tenants.acme, 'owner', 'Olga')
    const { link } = (await browser.ask('POST', '/app/invites', { email: 'post@acme.test', role: 'agent' })).json<LinkAnswer>()
    const invited = await letterTo('post@acme.test')
    assert.equal(invited.sender, 'help@acme.test')
    assert.ok(invited.text.includes(link))
    assert.equal(box.mails.length, 1)
    const member = teamBrowser(posted)
    assert.equal((await member.send('/invite', { code: codeOf(link), name: 'Post', password: PASSWORD })).statusCode, 303)
    box.mails.length = 0
    await teamBrowser(posted).send('/reset', { email: 'post@acme.test' })
    assert.match((await letterTo('post@acme.test')).text, /https:\/\/latchkey\.test\/reset\?code=[\w-]{43}/)
  } finally {
    await posted.close()
    await box.close()
  }
})
