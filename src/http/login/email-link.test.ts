import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import { createAudience } from '#domain/audiences/audiences.ts'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { importArticles } from '#domain/articles/import-articles.ts'
import { createContact } from '#domain/contacts/create-contact.ts'
import { ada } from '#test/cast.ts'
import { dumpTables } from '#test/desk.ts'
import { openHouse, type Browser, type House } from '#test/house.ts'
import { openMailbox, type Delivered, type Mailbox } from '#test/mailbox.ts'

let box: Mailbox
let house: House
before(async () => {
  box = await openMailbox()
  house = await openHouse({ ...box.environment, LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' })
  await house.change({ email_links: 1 })
  await openShelf()
})
after(async () => {
  await house.close()
  await box.close()
})
// The caps look back a day.
afterEach(() => house.pass(86_400_001))

const own = { origin: 'https://help.acme.test', headers: { 'sec-fetch-site': 'same-origin' }, form: true }
const cookieNames = (browser: Browser) => [...browser.cookies.keys()].toSorted()

async function openShelf() {
  const { db, acme } = house
  await createHelpCenter(db, acme, { name: 'Acme', default_locale: 'en', locales: ['en'] }, house.now())
  await createAudience(db, acme, { name: 'leads', roles: ['lead', 'user'] })
  await createAudience(db, acme, { name: 'users', roles: ['user'] })
  const article = { locale: 'en', description: '', collection: 'all' }
  const articles = (['leads', 'users'] as const).map((name) => ({
    ...article,
    title: `For ${name}`,
    markdown: 'Words.',
    path: name,
    audience: name,
  }))
  await importArticles(db, acme, { articles, collections: { all: { en: { name: 'All' } } } }, house.now())
}

/** Asks for a link and opens the mail that comes. */
async function askForLink(browser: Browser, email: string, fields: object = {}): Promise<{ mail: Delivered; link: string; code: string }> {
  const before = box.mails.length
  const answer = await browser.post('/login/email', { email, return_to: '/en', ...fields }, own)
  assert.equal(answer.statusCode, 303, answer.body)
  const mail = await nextMail(before)
  const link = /https:\/\/help\.acme\.test(\/login\/link\?code=[\w-]+)/.exec(mail.text)?.[1] ?? ''
  return { mail, link, code: link.split('code=')[1] ?? '' }
}

async function nextMail(before: number): Promise<Delivered> {
  for (let turn = 0; turn < 400 && box.mails.length <= before; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  const mail = box.mails[before]
  assert.ok(mail, 'a mail came')
  return mail
}

async function signIn(email: string, browser = house.browser()): Promise<Browser> {
  const { link, code } = await askForLink(browser, email)
  assert.equal((await browser.get(link)).statusCode, 200)
  const pressed = await browser.post('/login/link', { code }, own)
  assert.equal(pressed.statusCode, 303, pressed.body)
  return browser
}

const contactsOf = (email: string) => house.db.selectFrom('contacts').selectAll().where('email', '=', email).execute()
const titles = async (browser: Browser) =>
  [...(await browser.get('/en/search?q=words')).body.matchAll(/For (leads|users)/g)].map(([, name]) => name)

suite('a link in the mail', () => {
  test('signs the reader of that address in as a lead, and leads to where they wanted', async () => {
    const browser = house.browser()
    const { mail, link, code } = await askForLink(browser, ' Grace@Navy.test ', { return_to: '/en/search?q=x' })
    assert.deepEqual(mail.to, ['grace@navy.test'])
    const page = await browser.get(link)
    assert.match(page.body, /Sign in as grace@navy\.test\?/)
    assert.match(page.body, /You asked for this link in this browser/)
    assert.equal(page.headers['referrer-policy'], 'no-referrer')
    const pressed = await browser.post('/login/link', { code }, own)
    assert.deepEqual([pressed.statusCode, pressed.headers.location], [303, '/en/search?q=x'])
    assert.deepEqual(cookieNames(browser), ['__Host-latchkey'])
    const { contact } = (await browser.boot()).json()
    assert.deepEqual([contact.role, contact.email, contact.user_id, contact.claimed], ['lead', 'grace@navy.test', null, false])
    assert.match((await browser.get('/en')).body, /grace@navy\.test/)
  })

  test('the same address is the same lead again, on any browser', async () => {
    const first = (await (await signIn('twice@navy.test')).boot()).json().contact.id
    const second = (await (await signIn('TWICE@navy.test')).boot()).json().contact.id
    assert.equal(first, second)
    assert.equal((await contactsOf('twice@navy.test')).length, 1)
  })

  test('survives scanners: opening it, however often, changes nothing', async () => {
    const { link, code } = await askForLink(house.browser(), 'scanned@navy.test')
    await house.app.decisions.flush()
    const before = await dumpTables(house)
    for (let scan = 0; scan < 3; scan += 1) {
      const scanner = house.browser()
      assert.equal((await scanner.get(link)).statusCode, 200)
      assert.deepEqual(cookieNames(scanner), [])
    }
    assert.deepEqual(await dumpTables(house), before)
    assert.equal((await house.browser().post('/login/link', { code }, own)).statusCode, 303)
  })

  test('in another browser says so, and signs in when it is pressed there', async () => {
    const { link, code } = await askForLink(house.browser(), 'phone@navy.test')
    const phone = house.browser()
    assert.match((await phone.get(link)).body, /Somebody asked for this link in another browser/)
    assert.equal((await phone.post('/login/link', { code }, own)).statusCode, 303)
    assert.equal((await phone.boot()).json().contact.email, 'phone@navy.test')
  })

  test('works once: of several presses at once one signs in', async () => {
    const { code } = await askForLink(house.browser(), 'once@navy.test')
    const presses = await Promise.all([1, 2, 3].map(() => house.browser().post('/login/link', { code }, own)))
    assert.deepEqual(
      presses.map(({ statusCode }) => String(statusCode)).toSorted((a, b) => a.localeCompare(b)),
      ['303', '410', '410'],
    )
  })

  test('is stored only as a hash, and the browser that asked only as a hash', async () => {
    const browser = house.browser()
    const { code } = await askForLink(browser, 'hashed@navy.test')
    const dump = [...(await dumpTables(house)).values()].join('\n')
    assert.ok(!dump.includes(code))
    assert.ok(!dump.includes(browser.cookies.get('__Host-latchkey-state') ?? 'missing'))
  })
})

suite('the mail', () => {
  test('holds one fixed text and nothing that was typed', async () => {
    const typed = { email: 'victim@navy.test', return_to: '/en?Call=0900-123', name: 'Buy now', subject: 'Buy now' }
    const { mail } = await askForLink(house.browser(), typed.email, typed)
    assert.equal(mail.headers.get('subject'), 'Your sign-in link for Acme')
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated')
    assert.doesNotMatch(`${mail.text}${mail.html}`, /Buy|0900|victim/)
    assert.equal((mail.text.match(/https?:/g) ?? []).length, 1)
  })

  for (const [language, subject] of [
    ['fr', 'Votre lien de connexion pour Acme'],
    ['ja', 'Acme のログイン用リンク'],
    ['ar', 'رابط تسجيل دخولك إلى Acme'],
  ] as const)
    test(`speaks ${language} to a browser that does`, async () => {
      const before = box.mails.length
      await house
        .browser()
        .post('/login/email', { email: `${language}@navy.test` }, { ...own, headers: { ...own.headers, 'accept-language': language } })
      const mail = await nextMail(before)
      assert.equal(mail.headers.get('subject'), subject)
      assert.match(mail.html, new RegExp(`<html lang="${language}"`))
    })
})

suite('nobody becomes an existing user by an address', () => {
  test('the lead is another person than the user with that address, and sees nothing of theirs', async () => {
    const user = house.browser()
    await user.boot(ada)
    await user.post('/messenger/conversations', { client_id: 'ada-1', body: 'Between Ada and us' })
    const before = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'ada').executeTakeFirstOrThrow()
    const lead = await signIn(ada.email)
    const { contact } = (await lead.boot()).json()
    assert.notEqual(contact.id, before.id)
    assert.deepEqual((await lead.get('/messenger/conversations')).json().conversations, [])
    assert.equal((await user.boot()).json().contact.user_id, 'ada')
    const after = await house.db.selectFrom('contacts').selectAll().where('external_id', '=', 'ada').executeTakeFirstOrThrow()
    assert.deepEqual(after, before)
  })

  test('nor does a lead that merely said this address become theirs', async () => {
    const said = await createContact(house.db, house.acme, { email: 'said@navy.test' }, house.now())
    const lead = await signIn('said@navy.test')
    assert.notEqual((await lead.boot()).json().contact.id, said.id)
  })
})

suite('a proved lead', () => {
  test('reads what is meant for leads, and neither users-only articles nor the portal', async () => {
    const lead = await signIn('reader@navy.test')
    assert.deepEqual([...new Set(await titles(lead))], ['leads'])
    assert.deepEqual(await titles(house.browser()), [])
    const portal = await lead.get('/tickets')
    assert.equal(portal.statusCode, 401)
    assert.equal((await lead.get('/login/verify')).statusCode, 401)
    const wayIn = await lead.get('/login?return_to=/tickets')
    assert.equal(wayIn.statusCode, 200)
    assert.match(wayIn.body, /You need an account for this page/)
    assert.doesNotMatch(wayIn.body, /name="email"/)
  })

  test('has its own conversations, and finds them again through its mail', async () => {
    const first = await signIn('talks@navy.test')
    assert.equal((await first.post('/messenger/conversations', { client_id: 't-1', body: 'Is anybody there?' })).statusCode, 200)
    const again = await signIn('talks@navy.test')
    assert.match((await again.get('/messenger/conversations')).body, /Is anybody there/)
    const other = await signIn('other@navy.test')
    assert.doesNotMatch((await other.get('/messenger/conversations')).body, /Is anybody there/)
  })

  test('gets what this browser’s visitor wrote; a user who signs in after it does not get the lead’s', async () => {
    const browser = house.browser()
    await browser.boot()
    await browser.post('/messenger/conversations', { client_id: 'v-1', body: 'Written as a visitor' })
    await signIn('moves@navy.test', browser)
    assert.match((await browser.get('/messenger/conversations')).body, /Written as a visitor/)
    assert.equal((await browser.boot({ ...ada, user_id: 'after-lead' })).statusCode, 200)
    assert.doesNotMatch((await browser.get('/messenger/conversations')).body, /Written as a visitor/)
    assert.match((await (await signIn('moves@navy.test')).get('/messenger/conversations')).body, /Written as a visitor/)
  })

  test('signs out like everybody, and a boot that names somebody ends it', async () => {
    const lead = await signIn('leaves@navy.test')
    const kept = new Map(lead.cookies)
    await lead.post('/login/logout', {}, own)
    const thief = house.browser()
    for (const [name, value] of kept) thief.cookies.set(name, value)
    assert.equal((await thief.boot()).json().contact.role, 'visitor')
    const named = await signIn('named@navy.test')
    assert.equal((await named.boot(undefined, { user_id: 'ada' })).statusCode, 401)
    assert.equal((await named.boot()).json().contact.role, 'visitor')
  })

  test('who is blocked is not let in', async () => {
    await signIn('blocked@navy.test')
    await house.db.updateTable('contacts').set({ blocked_at: house.now() }).where('email', '=', 'blocked@navy.test').execute()
    const browser = house.browser()
    const { code } = await askForLink(browser, 'blocked@navy.test')
    assert.equal((await browser.post('/login/link', { code }, own)).statusCode, 403)
    assert.ok(!browser.cookies.has('__Host-latchkey'))
  })

  test('over a user’s session it asks, and says that this one ends', async () => {
    const browser = house.browser()
    await browser.boot(ada)
    const { link } = await askForLink(browser, 'over@navy.test')
    assert.match((await browser.get(link)).body, /You are signed in as Ada Lovelace now/)
    assert.equal((await browser.boot()).json().contact.user_id, 'ada')
  })
})

const refusals: [flaw: string, ask: () => Promise<{ statusCode: number; body: string }>, status: number, code: string][] = [
  ['a code that was never mailed', () => house.browser().post('/login/link', { code: 'x'.repeat(43) }, own), 410, 'email_link_expired'],
  ['no code', () => house.browser().post('/login/link', {}, own), 400, 'parameter_invalid'],
  [
    'a code after 15 minutes',
    async () => {
      const { link, code } = await askForLink(house.browser(), 'late@navy.test')
      house.pass(15 * 60_000)
      assert.equal((await house.browser().get(link)).statusCode, 410)
      return house.browser().post('/login/link', { code }, own)
    },
    410,
    'email_link_expired',
  ],
  [
    'a code of another workspace',
    async () => {
      const { code } = await askForLink(house.browser(), 'acme@navy.test')
      await house.change({ email_links: 1 }, house.tenants.globex)
      return house.browser(house.tenants.globex).post('/login/link', { code }, { ...own, origin: 'https://help.globex.test' })
    },
    410,
    'email_link_expired',
  ],
  [
    'a press from another site',
    async () => {
      const { code } = await askForLink(house.browser(), 'cross@navy.test')
      return house
        .browser()
        .post('/login/link', { code }, { form: true, origin: 'https://evil.test', headers: { 'sec-fetch-site': 'cross-site' } })
    },
    403,
    'cross_site_request',
  ],
]

suite('refused, and nothing is left behind', () => {
  for (const [flaw, ask, status, code] of refusals)
    test(flaw, async () => {
      const answer = await ask()
      assert.deepEqual([answer.statusCode, answer.body.includes(code)], [status, true], answer.body.slice(0, 300))
      assert.deepEqual(
        await house.db.selectFrom('sessions').select('id').where('door', '=', 'email_link').where('created_at', '=', house.now()).execute(),
        [],
      )
    })

  test('a form that was sent from another site asks for nothing', async () => {
    const before = box.mails.length
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      assert.equal(
        (await house.browser().post('/login/email', { email: 'a@navy.test' }, { form: true, origin: 'https://evil.test', headers }))
          .statusCode,
        403,
      )
    assert.equal(box.mails.length, before)
    assert.deepEqual(await house.db.selectFrom('asked_mails').select('id').where('at', '=', house.now()).execute(), [])
  })

  for (const email of ['nobody', 'a@b', 'a@navy.test,b@navy.test', 'a@navy.test\r\nbcc: b@navy.test', '<a@navy.test>', ''])
    test(`the address ${JSON.stringify(email)} is asked for again, with a word on why`, async () => {
      const before = box.mails.length
      const answer = await house.browser().post('/login/email', { email, return_to: '/tickets' }, own)
      assert.equal(answer.statusCode, 422)
      assert.match(answer.body, /aria-invalid="true"/)
      if (email === 'nobody') assert.match(answer.body, /value="nobody"/)
      assert.match(answer.body, /name="return_to" value="\/tickets"/)
      assert.equal(box.mails.length, before)
    })
})

suite('nobody’s mailbox is flooded', () => {
  const ask = (email: string, ip: string) =>
    house.app.inject({
      method: 'POST',
      url: '/login/email',
      remoteAddress: ip,
      headers: { host: 'help.acme.test', 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ email }).toString(),
    })

  test('an address gets three mails in a quarter of an hour, whoever asks; the answers do not differ', async () => {
    const before = box.mails.length
    const answers = []
    for (let turn = 0; turn < 6; turn += 1) answers.push(await ask('flooded@navy.test', `192.0.2.${turn}`))
    await ask('after@navy.test', '192.0.2.99')
    await nextMail(before + 3)
    assert.deepEqual(
      new Set(answers.map(({ statusCode, headers }) => `${statusCode} ${String(headers.location)}`)),
      new Set(['303 /login/email?return_to=%2F']),
    )
    assert.equal(box.mails.filter(({ to }) => to.includes('flooded@navy.test')).length, 3)
    house.pass(15 * 60_000)
    await ask('flooded@navy.test', '192.0.2.1')
    await nextMail(before + 4)
    assert.equal(box.mails.filter(({ to }) => to.includes('flooded@navy.test')).length, 4)
  })

  test('a network asks for thirty an hour; IPv6 counts by the network that a connection has', async () => {
    for (let turn = 0; turn < 30; turn += 1) assert.equal((await ask(`n${turn}@navy.test`, `2001:db8:1:2::${turn + 1}`)).statusCode, 303)
    const capped = await ask('n30@navy.test', '2001:db8:1:2:ffff::1')
    assert.equal(capped.statusCode, 429)
    assert.ok(Number(capped.headers['retry-after']) > 0)
    assert.equal((await ask('n30@navy.test', '2001:db8:1:3::1')).statusCode, 303)
  })
})

suite('off', () => {
  test('by default, and without a mail server, there is no form, and no address that takes one', async () => {
    const off = await openHouse()
    const browser = off.browser()
    for (const email_links of [0, 1] as const) {
      await off.change({ email_links })
      assert.doesNotMatch((await browser.get('/login')).body, /name="email"/)
      for (const path of ['/login/email', '/login/link']) {
        assert.equal((await browser.post(path, { email: 'a@navy.test', code: 'x' }, own)).statusCode, 404)
        assert.equal((await browser.get(`${path}?code=x`)).statusCode, 404)
      }
    }
    await off.close()
  })
})
