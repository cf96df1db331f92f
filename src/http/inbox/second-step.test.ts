import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, suite, test } from 'node:test'
import type { RecoveryCodesAnswer, SecondStepAnswer, SecondStepDraft } from '#shared/inbox.ts'
import { enter } from '#domain/teammates/finish-sign-in.ts'
import { listTeammateSessions } from '#domain/teammates/teammate-sessions.ts'
import { addTeammate, type Teammate } from '#domain/teammates/teammates.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import type { Mail } from '#platform/mail/mailer.ts'
import { openHouse, type House } from '#test/house.ts'
import { askingAs, codeOf, givePassword, giveSecondStep, openTeammate, PASSWORD, STEP, teamBrowser, type TeamBrowser } from '#test/team.ts'

const DAY = 86_400_000
const mails: Mail[] = []
let house: House
let olga: Teammate
let browser: TeamBrowser
let secret: string
let recovery: string[]
before(async () => {
  const send = async (mail: Mail) => {
    mails.push(mail)
    return { ok: true as const }
  }
  house = await openHouse({}, { mailer: { isConfigured: true, send, close: () => undefined } })
})
after(() => house.close())
beforeEach(async () => {
  // Nobody's guesses of one test count in the next.
  house.pass(DAY + STEP)
  await house.db.deleteFrom('audit_log').execute()
  const opened = await openTeammate(house, house.tenants.acme, 'owner', `Olga-${house.now()}`)
  olga = opened.teammate
  browser = opened.browser
  await givePassword(house, olga)
  ;({ secret, recovery } = await giveSecondStep(house, olga))
})

const now = () => codeOf(secret, house.now())
const code = (body: string, of = browser) => of.send('/sign-in/code', { code: body })
const recoveryCode = (body: string, of = browser) => of.send('/sign-in/recovery-code', { code: body })
const app = askingAs(() => browser)
const standing = () => app.read<SecondStepAnswer>('/app/second-step')
const isAtWork = async (of: TeamBrowser) => (await of.get('/app/session')).statusCode === 200
const actions = async () => (await house.db.selectFrom('audit_log').select('action').orderBy('id').execute()).map(({ action }) => action)
const countOf = async (table: 'teammate_sessions' | 'half_sign_ins' | 'recovery_codes') =>
  (await house.db.selectFrom(table).selectAll().where('teammate_id', '=', olga.id).execute()).length
const statusesOf = (answers: { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)
const failureIn = (answer: { json: () => unknown }) => (answer.json() as { errors: { code: string; field?: string }[] }).errors[0]

/** The right password in a browser of nobody, unless one is named. */
async function half(of = teamBrowser(house), fields: Record<string, string> = {}): Promise<TeamBrowser> {
  const answer = await of.send('/sign-in', { email: olga.email, password: PASSWORD, ...fields })
  assert.deepEqual([answer.statusCode, String(answer.headers.location).split('?', 1)[0]], [303, '/sign-in/code'])
  return of
}

suite('signing in in two steps', () => {
  test('the password leads to the question for the code, and is no session', async () => {
    const before = await countOf('teammate_sessions')
    const of = await half(undefined, { next: '/settings/teammates' })
    assert.deepEqual([...of.cookies.keys()], ['__Host-latchkey-team-half'])
    for (const path of ['/app/session', '/app/second-step', '/app/teammates']) assert.equal((await of.get(path)).statusCode, 401, path)
    assert.equal((await of.get('/settings/teammates')).statusCode, 303)
    assert.equal(await countOf('teammate_sessions'), before)
    const page = await of.get('/sign-in/code?next=%2Fsettings%2Fteammates')
    assert.match(page.body, /<input id="code" name="code" type="text" value="" autocomplete="one-time-code" inputmode="numeric"/)
    assert.ok(!page.body.includes(of.cookies.get('__Host-latchkey-team-half') ?? ''), 'the secret is in the cookie alone')
    const answer = await of.send('/sign-in/code', { code: now(), next: '/settings/teammates' })
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/settings/teammates'])
    assert.ok(await isAtWork(of))
    assert.deepEqual([...of.cookies.keys()].toSorted(), ['__Host-latchkey-team', '__Host-latchkey-team-known'])
    assert.equal(await countOf('half_sign_ins'), 0)
    assert.ok((await actions()).includes('teammate.signed_in'))
  })

  test('says nothing of it before the password is right', async () => {
    const plain = (await openTeammate(house, house.tenants.acme, 'agent', `Plain-${house.now()}`)).teammate
    await givePassword(house, plain)
    const answers = [olga.email, plain.email, 'nobody@acme.test'].map((email) =>
      teamBrowser(house).send('/sign-in', { email, password: 'guess' }),
    )
    const bodies = (await Promise.all(answers)).map(({ statusCode, headers, body }) => [
      statusCode,
      headers['set-cookie'],
      body.replaceAll(/value="[^"]*@[^"]*"/g, ''),
    ])
    assert.deepEqual(bodies[0], bodies[2])
    assert.deepEqual(bodies[1], bodies[2])
    assert.equal(await countOf('half_sign_ins'), 0)
  })

  test('takes a code of a step ago or ahead, with the spaces that apps show', async () => {
    house.pass(10 * STEP)
    const ahead = codeOf(secret, house.now() + STEP)
    assert.equal((await code(`${ahead.slice(0, 3)} ${ahead.slice(3)}`, await half())).statusCode, 303)
    house.pass(10 * STEP)
    assert.equal((await code(codeOf(secret, house.now() - STEP), await half())).statusCode, 303)
  })

  test('ends the session that stood in this browser only when it is finished', async () => {
    await half(browser)
    assert.ok(await isAtWork(browser))
    const old = browser.cookies.get('__Host-latchkey-team') ?? ''
    assert.equal((await code(now())).statusCode, 303)
    assert.equal(await isAtWork(teamBrowser(house, { secret: old })), false)
    assert.ok(await isAtWork(browser))
  })

  test('a question that waited five minutes begins again with the password, and is for nobody without one', async () => {
    const of = await half()
    assert.equal((await teamBrowser(house).get('/sign-in/code')).headers.location, '/sign-in')
    house.pass(300_000)
    const page = await of.get('/sign-in/code')
    assert.equal(page.statusCode, 401)
    assert.match(page.body, /waited too long[^]*name="password"/)
    assert.equal(of.cookies.size, 0)
  })

  test('guesses that come all at once are counted as they come', async () => {
    const of = await half()
    const guesses = Array.from({ length: 60 }, (_, guess) => String(guess).padStart(6, '0')).filter((guess) => guess !== now())
    const answers = await Promise.all(guesses.map((guess) => code(guess, of)))
    assert.equal(answers.filter(({ statusCode }) => statusCode !== 429).length, 10)
    assert.equal((await actions()).filter((action) => action === 'second_step.code_refused').length, 10)
  })

  test('a sign-in by the password that is under way while it is turned on leaves no session', async () => {
    const visit = { device: 'Test', address: '127.0.0.1', now: house.now() }
    for (let turn = 0; turn < 10; turn += 1) {
      const { teammate } = await openTeammate(house, house.tenants.acme, 'agent', `Eve-${turn}-${house.now()}`)
      await Promise.all([giveSecondStep(house, teammate), ...Array.from({ length: 8 }, () => enter(house.db, teammate, visit))])
      assert.ok((await listTeammateSessions(house.db, teammate, house.now())).length <= 1)
    }
  })

  test('a recovery code takes its place once, however it is typed, and the audit log counts what is left', async () => {
    const [first = '', second = ''] = recovery
    assert.match(first, /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
    assert.equal(recovery.length, 10)
    const of = await half()
    assert.doesNotMatch((await of.get('/sign-in/recovery-code')).body, /inputmode/)
    assert.equal(
      (await recoveryCode(` ${first.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')}`, of)).statusCode,
      303,
    )
    assert.ok(await isAtWork(of))
    assert.equal((await recoveryCode(first, await half())).statusCode, 422)
    assert.equal((await recoveryCode(second, await half())).statusCode, 303)
    assert.equal((await standing()).recovery_codes_left, 8)
    const line = await house.db.selectFrom('audit_log').selectAll().where('action', '=', 'recovery_code.used').executeTakeFirstOrThrow()
    assert.deepEqual([line.teammate_id, line.detail, line.address], [olga.id, '9 left', '127.0.0.1'])
  })

  test('of two requests with one code, and of two with one waiting sign-in, one gets in', async () => {
    const of = await Promise.all([half(), half(), half()])
    const answers = await Promise.all(of.map((one) => code(now(), one)))
    assert.deepEqual(statusesOf(answers), [303, 422, 422])
    house.pass(3 * STEP)
    const one = await half()
    const copy = teamBrowser(house)
    copy.cookies.set('__Host-latchkey-team-half', one.cookies.get('__Host-latchkey-team-half') ?? '')
    const [first = '', second = ''] = recovery
    const both = await Promise.all([recoveryCode(first, one), recoveryCode(second, copy)])
    assert.deepEqual(statusesOf(both), [303, 401])
    assert.equal((await standing()).recovery_codes_left, 9, 'what led nowhere was not used up')
  })

  test('a new password by a link does not skip it', async () => {
    const link = await app.tell<{ link: string }>('POST', `/app/teammates/${olga.id}/reset-link`, undefined, await anotherOwner())
    const reset = new URL(link.link).searchParams.get('code') ?? ''
    const of = teamBrowser(house)
    const answer = await of.send('/reset/password', { code: reset, password: 'quite another password' })
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/sign-in/code'])
    assert.equal(await isAtWork(of), false)
    assert.equal(await countOf('teammate_sessions'), 0)
    assert.equal((await code(now(), of)).statusCode, 303)
    assert.ok(await isAtWork(of))
  })
})

async function anotherOwner(): Promise<TeamBrowser> {
  return (await openTeammate(house, house.tenants.acme, 'owner', `Owen-${house.now()}-${Math.trunc(performance.now() * 1000)}`)).browser
}

/** What a browser does at the question for the code, and how that is refused. */
const refusals: [flaw: string, answer: (of: TeamBrowser) => ReturnType<typeof code>, status: number, sentence: RegExp][] = [
  ['a wrong code', (of) => code('000000', of), 422, /not right, or was used already/],
  ['no code', (of) => code('', of), 422, /not right/],
  ['a recovery code in place of a code', (of) => code(recovery[0] ?? '', of), 422, /not right/],
  ['a code in place of a recovery code', (of) => recoveryCode(now(), of), 422, /none of your recovery codes/],
  ['a wrong recovery code', (of) => recoveryCode('0000-0000-0000-0000', of), 422, /none of your recovery codes/],
  ['a code two steps ahead', (of) => code(codeOf(secret, house.now() + 2 * STEP), of), 422, /not right/],
  ['a code two steps ago', (of) => code(codeOf(secret, house.now() - 2 * STEP), of), 422, /not right/],
  ['the code that turned it on', (of) => code(codeOf(secret, house.now() - STEP), of), 422, /not right/],
  ['a code that no app shows', (of) => code('🙂\u202e{{7*7}}<b>%27', of), 422, /not right/],
  ['a recovery code that nobody printed', (of) => recoveryCode('🙂\u202e{{7*7}}<b>%27', of), 422, /none of your/],
  ['a code of a thousand letters', (of) => code('1'.repeat(1000), of), 400, /did not work/],
  ['another teammate’s code', async (of) => code(await codeOfAnother(), of), 422, /not right/],
  [
    'the right code after five minutes',
    (of) => {
      house.pass(300_000)
      return code(now(), of)
    },
    401,
    /waited too long/,
  ],
  ['the right code without the cookie', () => code(now(), teamBrowser(house)), 401, /waited too long/],
  ['the right code with a cookie of nobody', (of) => code(now(), withHalf(of, 'x'.repeat(43))), 401, /waited too long/],
  [
    'the right code with the hash out of a copy of the database',
    async (of) => code(now(), withHalf(of, await halfHash())),
    401,
    /waited too/,
  ],
  [
    'the right code after the password changed',
    async (of) => {
      await app.tell('PUT', '/app/profile/password', { current: PASSWORD, password: 'quite another password' })
      return code(now(), of)
    },
    401,
    /waited too long/,
  ],
  [
    'the right code after an admin reset the second step',
    async (of) => {
      await app.tell('DELETE', `/app/teammates/${olga.id}/second-step`, undefined, await anotherOwner())
      return code(now(), of)
    },
    401,
    /waited too long/,
  ],
  [
    'the right code after they were removed',
    async (of) => {
      await app.tell('DELETE', `/app/teammates/${olga.id}`, undefined, await anotherOwner())
      return code(now(), of)
    },
    401,
    /waited too long/,
  ],
  [
    'the right code from another site',
    (of) => of.send('/sign-in/code', { code: now() }, { headers: { 'sec-fetch-site': 'cross-site' } }),
    403,
    /did not work/,
  ],
]

suite('nobody is signed in, and no code is used up, by', () => {
  for (const [flaw, answerOf, status, sentence] of refusals)
    test(flaw, async () => {
      const of = await half()
      const answer = await answerOf(of)
      assert.equal(answer.statusCode, status, answer.body)
      assert.match(answer.body, sentence)
      assert.equal(of.cookies.get('__Host-latchkey-team'), undefined)
      assert.doesNotMatch(String(answer.headers['set-cookie'] ?? ''), /latchkey-team=\w/)
      assert.ok(!(await actions()).includes('teammate.signed_in'))
      if (status === 422) {
        assert.match(answer.body, /aria-describedby="code-problem" aria-invalid="true"/)
        const line = await house.db
          .selectFrom('audit_log')
          .selectAll()
          .where('action', '=', 'second_step.code_refused')
          .executeTakeFirstOrThrow()
        assert.deepEqual([line.teammate_id, line.subject, line.address], [null, olga.email, '127.0.0.1'])
        assert.equal((await code(now(), of)).statusCode, 303, 'the right one still works')
        assert.equal(await countOf('recovery_codes'), 10)
      }
    })
})

function withHalf(of: TeamBrowser, value: string): TeamBrowser {
  of.cookies.set('__Host-latchkey-team-half', value)
  return of
}

async function halfHash(): Promise<string> {
  return (await house.db.selectFrom('half_sign_ins').select('secret_hash').where('teammate_id', '=', olga.id).executeTakeFirstOrThrow())
    .secret_hash
}

async function codeOfAnother(): Promise<string> {
  const other = (await openTeammate(house, house.tenants.acme, 'agent', `Other-${house.now()}`)).teammate
  return codeOf((await giveSecondStep(house, other)).secret, house.now())
}

suite('guessing codes', () => {
  const wrongFrom = async (address: string) => code('000000', await half(teamBrowser(house, { address })))

  test('of one account is stopped for the day, from wherever it comes, and leaves the owner two ways in', async () => {
    const own = await half()
    await code(now(), own)
    await own.send('/sign-out', {})
    for (let turn = 0; turn < 10; turn += 1) assert.equal((await wrongFrom(`203.0.113.${turn}`)).statusCode, 422)
    const stopped = await wrongFrom('203.0.113.99')
    assert.deepEqual([stopped.statusCode, Number(stopped.headers['retry-after']) > 80_000], [429, true])
    house.pass(3 * STEP)
    assert.equal((await code(now(), await half(teamBrowser(house, { address: '192.0.2.1' })))).statusCode, 429)
    assert.equal((await code(now(), await half(own))).statusCode, 303, 'their own browser')
    assert.equal((await recoveryCode(recovery[0] ?? '', await half())).statusCode, 303, 'a recovery code')
    house.pass(DAY)
    assert.equal((await code(now(), await half())).statusCode, 303)
  })

  test('is no freer for who has the same address in another workspace', async () => {
    const { workspace } = house.tenants.globex
    const twin = await addTeammate(house.db, workspace, { name: 'Twin', email: olga.email, role: 'owner' }, house.now())
    await givePassword(house, twin, 'words of the twin')
    const intruder = async () => {
      const of = teamBrowser(house, { address: '203.0.113.7' })
      await of.send('/sign-in', { email: olga.email, password: 'words of the twin' })
      assert.ok(of.cookies.has('__Host-latchkey-team-known'))
      return half(of)
    }
    for (let turn = 0; turn < 10; turn += 1) assert.equal((await code('000000', await intruder())).statusCode, 422)
    assert.equal((await code('000000', await intruder())).statusCode, 429)
  })

  test('is stopped in a browser that signed in before, too', async () => {
    const own = await half()
    await code(now(), own)
    for (let turn = 0; turn < 10; turn += 1) assert.equal((await code('000000', await half(own))).statusCode, 422)
    house.pass(3 * STEP)
    assert.equal((await code(now(), own)).statusCode, 429)
  })

  test('is stopped in the app as well', async () => {
    for (let turn = 0; turn < 10; turn += 1)
      assert.equal((await browser.ask('DELETE', '/app/second-step', { code: '000000' })).statusCode, 422)
    const stopped = await browser.ask('DELETE', '/app/second-step', { code: now() })
    assert.deepEqual([stopped.statusCode, failureIn(stopped)?.code], [429, 'too_many_sign_ins'])
    assert.notEqual((await standing()).turned_on_at, null)
  })
})

suite('setting it up', () => {
  let ben: Teammate
  beforeEach(async () => {
    const opened = await openTeammate(house, house.tenants.acme, 'viewer', `Ben-${house.now()}`)
    ben = opened.teammate
    browser = opened.browser
    await givePassword(house, ben)
  })

  test('shows the secret once, takes its first code, and gives ten recovery codes; other sessions end', async () => {
    assert.deepEqual(await standing(), { turned_on_at: null, recovery_codes_left: 0 })
    const elsewhere = teamBrowser(house)
    await elsewhere.send('/sign-in', { email: ben.email, password: PASSWORD })
    assert.ok(await isAtWork(elsewhere))
    const { draft, secret, uri, qr } = await app.tell<SecondStepDraft>('POST', '/app/second-step/drafts')
    assert.equal(new URL(uri).searchParams.get('issuer'), 'Latchkey Acme')
    assert.equal(new URL(uri).searchParams.get('secret'), secret)
    assert.match(qr.path, /^(?:M\d+ \d+h\d+v1h-\d+z)+$/)
    assert.ok(qr.size > 40)
    const wrong = await browser.ask('PUT', '/app/second-step', { draft, code: '000000' })
    assert.deepEqual([wrong.statusCode, failureIn(wrong)?.code, failureIn(wrong)?.field], [422, 'code_wrong', 'code'])
    assert.equal((await standing()).turned_on_at, null)
    const { recovery_codes } = await app.tell<RecoveryCodesAnswer>('PUT', '/app/second-step', { draft, code: codeOf(secret, house.now()) })
    assert.equal(new Set(recovery_codes).size, 10)
    assert.deepEqual(await standing(), { turned_on_at: house.now(), recovery_codes_left: 10 })
    assert.equal(await isAtWork(elsewhere), false)
    assert.ok((await actions()).includes('second_step.turned_on'))
    const { sealed_secret } = await house.db
      .selectFrom('second_steps')
      .selectAll()
      .where('teammate_id', '=', ben.id)
      .executeTakeFirstOrThrow()
    assert.throws(() => house.encryption.open(sealed_secret, `teammate ${ben.workspace_id}/${ben.id}`), 'another use has another key')
    assert.throws(() => house.app.secondSteps.open(sealed_secret, `teammate ${olga.workspace_id}/${olga.id}`), 'and another teammate none')
    for (const again of [
      () => browser.ask('POST', '/app/second-step/drafts'),
      () => browser.ask('PUT', '/app/second-step', { draft, code: codeOf(secret, house.now() + STEP) }),
    ]) {
      const answer = await again()
      assert.deepEqual([answer.statusCode, failureIn(answer)?.code], [409, 'second_step_on'])
    }
  })

  test('a draft is good for ten minutes, in the session that asked for it', async () => {
    const { draft, secret } = await app.tell<SecondStepDraft>('POST', '/app/second-step/drafts')
    const elsewhere = teamBrowser(house)
    await elsewhere.send('/sign-in', { email: ben.email, password: PASSWORD })
    const put = (of: TeamBrowser, text: string) => of.ask('PUT', '/app/second-step', { draft: text, code: codeOf(secret, house.now()) })
    const other = house.app.secondSteps.seal(`${house.now() + DAY} ${secret}`, `teammate ${ben.workspace_id}/${ben.id}`)
    for (const answer of [await put(elsewhere, draft), await put(browser, `${draft}x`), await put(browser, ''), await put(browser, other)])
      assert.deepEqual([answer.statusCode, failureIn(answer)?.code], [410, 'second_step_draft_invalid'])
    house.pass(600_000)
    await app.tell('POST', '/app/password-checks', { password: PASSWORD })
    const late = await put(browser, draft)
    assert.deepEqual([late.statusCode, failureIn(late)?.code], [410, 'second_step_draft_invalid'])
    assert.equal((await standing()).turned_on_at, null)
  })
})

suite('changing it', () => {
  test('new recovery codes take a code, and make the old ones void', async () => {
    const [old = ''] = recovery
    const { recovery_codes } = await app.tell<RecoveryCodesAnswer>('POST', '/app/second-step/recovery-codes', { code: now() })
    assert.deepEqual([recovery_codes.length, recovery_codes.includes(old)], [10, false])
    assert.equal((await recoveryCode(old, await half())).statusCode, 422)
    assert.equal((await recoveryCode(recovery_codes[9] ?? '', await half())).statusCode, 303)
    assert.ok((await actions()).includes('recovery_codes.renewed'))
  })

  for (const [what, given] of [
    ['a code', () => now()],
    ['a recovery code', () => recovery[3] ?? ''],
  ] as const)
    test(`with ${what} it is turned off, and the password is enough from then on`, async () => {
      await app.tell('DELETE', '/app/second-step', { code: given() })
      assert.deepEqual(await standing(), { turned_on_at: null, recovery_codes_left: 0 })
      assert.ok((await actions()).includes('second_step.turned_off'))
      const of = teamBrowser(house)
      assert.equal((await of.send('/sign-in', { email: olga.email, password: PASSWORD })).headers.location, '/')
      assert.ok(await isAtWork(of))
      const again = await browser.ask('DELETE', '/app/second-step', { code: now() })
      assert.deepEqual([again.statusCode, failureIn(again)?.code], [409, 'second_step_off'])
    })

  for (const [method, path, body] of [
    ['POST', '/app/second-step/drafts', undefined],
    ['PUT', '/app/second-step', { draft: 'x', code: '000000' }],
    ['POST', '/app/second-step/recovery-codes', { code: '000000' }],
    ['DELETE', '/app/second-step', { code: '000000' }],
    ['DELETE', '/app/teammates/1/second-step', undefined],
  ] as const)
    test(`${method} ${path} takes a fresh password, its own page and a session, and changes nothing without`, async () => {
      const before = await house.db.selectFrom('second_steps').selectAll().execute()
      house.pass(600_000)
      const stale = await browser.ask(method, path, body)
      assert.deepEqual([stale.statusCode, failureIn(stale)?.code], [403, 'password_check_needed'])
      assert.equal((await teamBrowser(house).ask(method, path, body)).statusCode, 401)
      assert.deepEqual(await house.db.selectFrom('second_steps').selectAll().execute(), before)
      assert.equal(await countOf('recovery_codes'), 10)
    })

  test('where the installation’s key is lost, recovery codes still sign in and turn it off', async () => {
    const sealed_secret = encryptionWith(randomBytes(32), 'second-steps').seal(secret, `teammate ${olga.workspace_id}/${olga.id}`)
    await house.db.updateTable('second_steps').set({ sealed_secret }).where('teammate_id', '=', olga.id).execute()
    const of = await half()
    assert.equal((await code(now(), of)).statusCode, 500)
    assert.equal((await recoveryCode(recovery[0] ?? '', of)).statusCode, 303)
    await app.tell('DELETE', '/app/second-step', { code: recovery[1] ?? '' }, of)
    assert.equal((await standing()).turned_on_at, null)
  })

  test('a wrong code changes nothing, and is written down', async () => {
    for (const answer of [
      await browser.ask('DELETE', '/app/second-step', { code: '000000' }),
      await browser.ask('POST', '/app/second-step/recovery-codes', { code: '' }),
    ])
      assert.deepEqual([answer.statusCode, failureIn(answer)?.code, failureIn(answer)?.field], [422, 'code_wrong', 'code'])
    assert.equal((await standing()).recovery_codes_left, 10)
    assert.deepEqual((await actions()).filter((action) => action === 'second_step.code_refused').length, 2)
  })
})

suite('resetting somebody else’s', () => {
  test('ends their sessions, tells them by mail, and is in the audit log', async () => {
    const admin = await openTeammate(house, house.tenants.acme, 'owner', `Adam-${house.now()}`)
    mails.length = 0
    await app.tell('DELETE', `/app/teammates/${olga.id}/second-step`, undefined, admin.browser)
    assert.equal(await isAtWork(browser), false)
    assert.deepEqual(
      mails.map(({ to, subject }) => [to, subject]),
      [[olga.email, 'Your second step was turned off']],
    )
    const line = await house.db.selectFrom('audit_log').selectAll().where('action', '=', 'second_step.reset').executeTakeFirstOrThrow()
    assert.deepEqual([line.teammate_id, line.subject], [admin.teammate.id, olga.email])
    assert.equal((await teamBrowser(house).send('/sign-in', { email: olga.email, password: PASSWORD })).headers.location, '/')
    const again = await admin.browser.ask('DELETE', `/app/teammates/${olga.id}/second-step`)
    assert.deepEqual([again.statusCode, failureIn(again)?.code], [409, 'second_step_off'])
    assert.equal(mails.length, 1)
  })

  for (const role of ['admin', 'agent', 'viewer'] as const)
    test(`is not for the role of ${role} where it is an owner’s, nor for oneself`, async () => {
      const { teammate, browser: of } = await openTeammate(house, house.tenants.acme, role, `${role}-${house.now()}`)
      await giveSecondStep(house, teammate)
      for (const { id } of [olga, teammate]) assert.equal((await of.ask('DELETE', `/app/teammates/${id}/second-step`)).statusCode, 403)
      assert.equal((await browser.ask('DELETE', `/app/teammates/${olga.id}/second-step`)).statusCode, 403)
      assert.notEqual((await standing()).turned_on_at, null)
    })

  test('who has one is told to those who may change teammates, and to nobody else', async () => {
    type Rows = { teammates: { id: number; has_second_step: boolean | null }[] }
    const rowOf = async (of: TeamBrowser) => (await app.read<Rows>('/app/teammates', of)).teammates.find(({ id }) => id === olga.id)
    const agent = await openTeammate(house, house.tenants.acme, 'agent', `Ann-${house.now()}`)
    assert.equal((await rowOf(browser))?.has_second_step, true)
    assert.equal((await rowOf(agent.browser))?.has_second_step, null)
  })

  test('whoever comes back after a removal has none', async () => {
    const owner = await anotherOwner()
    await app.tell('DELETE', `/app/teammates/${olga.id}`, undefined, owner)
    const { link } = await app.tell<{ link: string }>('POST', '/app/invites', { email: olga.email, role: 'agent' }, owner)
    const of = teamBrowser(house)
    const joined = await of.send('/invite', { code: new URL(link).searchParams.get('code') ?? '', name: 'Olga', password: PASSWORD })
    assert.deepEqual([joined.statusCode, joined.headers.location], [303, '/'])
    assert.ok(await isAtWork(of))
  })
})
