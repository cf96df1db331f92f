import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { findContactByExternalId, type Contact } from '#domain/contacts/contacts.ts'
import { changeTicket, changeTicketState, replyToTicket } from '#domain/tickets/change-ticket.ts'
import { createTicket } from '#domain/tickets/create-ticket.ts'
import { seedTicketDefaults } from '#domain/tickets/ticket-defaults.ts'
import { getFirstTicketState } from '#domain/tickets/ticket-states.ts'
import { listTicketTypes, type TicketType } from '#domain/tickets/ticket-types.ts'
import { getTicketByNumber, type Ticket } from '#domain/tickets/tickets.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { ada, ben, chen } from '#test/cast.ts'
import { openHouse, type Browser, type House, type Tenant } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse()
  await seedTicketDefaults(house.db, house.acme, house.now())
  await seedTicketDefaults(house.db, house.globex, house.now())
  await house.change({ login_url: 'https://app.acme.test/login' })
})
after(() => house.close())

const solo = { user_id: 'solo', name: 'Solo' }
const dora = { user_id: 'dora', name: 'Dora', companies: [...ada.companies, ...chen.companies] }

async function signIn(person: object, tenant?: Tenant): Promise<Browser> {
  const browser = house.browser(tenant)
  assert.equal((await browser.boot(person)).statusCode, 200)
  return browser
}

async function typeNamed(name: string, workspace: Workspace = house.acme): Promise<TicketType> {
  const type = (await listTicketTypes(house.db, workspace)).find((type) => type.name === name)
  assert.ok(type)
  return type
}

async function contactOf(person: { user_id: string }, workspace: Workspace = house.acme): Promise<Contact> {
  const contact = await findContactByExternalId(house.db, workspace, person.user_id)
  assert.ok(contact)
  return contact
}

async function questionForm(browser: Browser, fields: Record<string, string> = {}) {
  const type = await typeNamed('Question')
  const form = await browser.get(`/tickets/new/${type.id}`)
  assert.equal(form.statusCode, 200)
  return {
    path: `/tickets/new/${type.id}`,
    fields: { client_id: clientId(form.body), title: 'Where is my invoice?', description: 'I cannot find it.', ...fields },
  }
}

async function openQuestion(browser: Browser, fields: Record<string, string> = {}): Promise<string> {
  const { path, fields: filled } = await questionForm(browser, fields)
  const answer = await send(browser, path, filled)
  assert.equal(answer.statusCode, 303)
  return String(answer.headers.location)
}

function send(browser: Browser, path: string, fields: Record<string, string>) {
  return browser.post(path, fields, { form: true, origin: house.tenants.acme.help })
}

async function ticketAt(path: string): Promise<Ticket> {
  return getTicketByNumber(house.db, house.acme, path.replace(/^\/tickets\/|#.*/g, ''))
}

function clientId(body: string): string {
  return /name="client_id" value="([^"]+)"/.exec(body)?.[1] ?? ''
}

async function countTickets(): Promise<number> {
  return (await house.db.selectFrom('tickets').select('id').execute()).length
}

suite('who sees which ticket', () => {
  test('somebody who is not signed in gets a sign-in page that leads back', async () => {
    for (const path of ['/tickets', '/tickets?view=company&q=a', '/tickets/new', '/tickets/1']) {
      const answer = await house.browser().get(path)
      assert.equal(answer.statusCode, 401)
      assert.match(answer.body, /Sign in to see your tickets/)
      assert.ok(answer.body.includes(`href="/login?return_to=${encodeURIComponent(path)}"`))
      assert.equal(answer.headers['cache-control'], 'private, no-store')
    }
  })

  test('without a way to sign in here it says where sign-in starts, and promises no way back', async () => {
    const answer = await house.browser(house.tenants.globex).get('/tickets')
    assert.equal(answer.statusCode, 401)
    assert.match(answer.body, /Sign-in starts in the app\.<\/strong> Sign in to the app that sent you here, then open this page again/)
    assert.doesNotMatch(answer.body, /You will come back|href="\/login/)
  })

  test('a visitor is not signed in, nor is somebody the page only claims to know', async () => {
    const visitor = house.browser()
    await visitor.boot()
    assert.equal((await visitor.get('/tickets')).statusCode, 401)
    await openQuestion(await signIn(ada), { title: 'Only for Ada' })
    await house.change({ enforcement_web: 'off' })
    const claimed = house.browser()
    await claimed.boot(undefined, { user_id: ada.user_id })
    const answer = await claimed.get('/tickets')
    await house.change({ enforcement_web: 'enforce' })
    assert.equal(answer.statusCode, 401)
    assert.doesNotMatch(answer.body, /Only for Ada/)
  })

  test('the owner and their colleagues see a ticket; other companies and other workspaces do not', async () => {
    const path = await openQuestion(await signIn(ada), { title: 'Engine on fire' })
    for (const [person, status] of [
      [ada, 200],
      [ben, 200],
      [dora, 200],
      [chen, 404],
      [solo, 404],
    ] as const) {
      const answer = await (await signIn(person)).get(path)
      assert.equal(answer.statusCode, status, person.user_id)
      assert.equal(answer.body.includes('Engine on fire'), status === 200)
    }
    const stranger = await (await signIn(ada, house.tenants.globex)).get(path)
    assert.equal(stranger.statusCode, 404)
  })

  test('who may not see a ticket can neither answer nor resolve it', async () => {
    const path = await openQuestion(await signIn(ada))
    const other = await signIn(chen)
    assert.equal((await send(other, `${path}/replies`, { body: 'Me too', client_id: 'chen-was-here' })).statusCode, 404)
    assert.equal((await send(other, `${path}/state`, { state: 'resolved' })).statusCode, 404)
    const parts = await house.db.selectFrom('conversation_parts').select('id').where('client_id', '=', 'chen-was-here').execute()
    assert.equal(parts.length, 0)
    assert.equal((await ticketAt(path)).state.category, 'submitted')
  })

  test('lists show own tickets and those of the company, and nothing else', async () => {
    await openQuestion(await signIn(ada), { title: 'Asked by Ada' })
    await openQuestion(await signIn(chen), { title: 'Asked by Chen' })
    const mine = await (await signIn(ben)).get('/tickets')
    assert.doesNotMatch(mine.body, /Asked by/)
    const company = await (await signIn(ben)).get('/tickets?view=company')
    assert.match(company.body, /Asked by Ada/)
    assert.doesNotMatch(company.body, /Asked by Chen/)
    assert.doesNotMatch((await (await signIn(solo)).get('/tickets?view=company')).body, /Asked by/)
  })

  test('what is for the back office, or is not shared, is shown to no contact', async () => {
    await signIn(ada)
    const contact = await contactOf(ada)
    const admin = await addTeammate(house.db, house.acme, { name: 'Tess', email: 'tess@acme.test' }, house.now())
    const author = { type: 'admin', id: String(admin.id) } as const
    const escalation = await createTicket(
      house.db,
      house.acme,
      {
        type: await typeNamed('Escalation'),
        contact,
        author,
        title: 'Angry customer',
        description: '',
        attributes: { Reason: 'Secret reason' },
      },
      house.now(),
    )
    const browser = await signIn(ada)
    assert.equal((await browser.get(`/tickets/${escalation.ticket_number}`)).statusCode, 404)
    for (const query of ['', '?view=company', '?q=Angry'])
      assert.doesNotMatch((await browser.get(`/tickets${query}`)).body, /Angry customer/)
    assert.equal((await browser.get(`/tickets/new/${escalation.type.id}`)).statusCode, 404)
    assert.doesNotMatch((await browser.get('/tickets/new')).body, /Escalation/)
    const path = await openQuestion(browser, { title: 'Taken back' })
    await changeTicket(house.db, await ticketAt(path), { is_shared: false, author }, house.now())
    assert.equal((await browser.get(path)).statusCode, 404)
    assert.doesNotMatch((await browser.get('/tickets')).body, /Taken back/)
  })

  test('notes are never shown and never found', async () => {
    const browser = await signIn(ada)
    const path = await openQuestion(browser)
    const ticket = await ticketAt(path)
    const author = { type: 'admin', id: '1' } as const
    await replyToTicket(house.db, ticket, { part_type: 'note', body: '<p>Xylophone is a pain</p>', author }, house.now())
    await replyToTicket(
      house.db,
      ticket,
      { part_type: 'comment', body: "<p>We can't find the zither &amp; the lute</p>", author },
      house.now(),
    )
    const page = await browser.get(path)
    assert.doesNotMatch(page.body, /Xylophone/)
    assert.match(page.body, /zither/)
    assert.doesNotMatch((await browser.get('/tickets?q=xylophone')).body, /invoice/)
    for (const q of ['zither', 'ZITHER lute', '&', "can't", `#${ticket.ticket_number}`, 'invoice zither']) {
      assert.ok((await browser.get(`/tickets?q=${encodeURIComponent(q)}`)).body.includes(`"${path}"`), q)
    }
    for (const q of ['<p>', 'zither nowhere', '%', 'amp;']) {
      assert.ok(!(await browser.get(`/tickets?q=${encodeURIComponent(q)}`)).body.includes(`"${path}"`), q)
    }
  })

  test('a portal that is off is not there', async () => {
    const browser = await signIn(ada)
    await house.change({ portal_on: 0 })
    const answer = await browser.get('/tickets')
    await house.change({ portal_on: 1 })
    assert.equal(answer.statusCode, 404)
  })
})

suite('opening a ticket', () => {
  test('a filled-in form becomes a ticket of the person’s company, and its page', async () => {
    const browser = await signIn(ada)
    const type = await typeNamed('Bug report')
    const severity = type.attributes.find((attribute) => attribute.name === 'Severity')
    const seen = type.attributes.find((attribute) => attribute.name === 'First seen')
    const hidden = type.attributes.find((attribute) => attribute.visible_to_contacts === 0)
    const form = await browser.get(`/tickets/new/${type.id}`)
    assert.ok(!form.body.includes(`attribute_${hidden?.id}`))
    const answer = await send(browser, `/tickets/new/${type.id}`, {
      client_id: clientId(form.body),
      title: '<b>Smoke</b>',
      description: 'Line one\r\nLine two',
      [`attribute_${severity?.id}`]: severity?.options[1]?.id ?? '',
      [`attribute_${seen?.id}`]: '2026-01-04T10:30',
      [`attribute_${hidden?.id}`]: '7',
    })
    assert.equal(answer.statusCode, 303)
    const page = await browser.get(String(answer.headers.location))
    assert.match(page.body, /&lt;b&gt;Smoke/)
    assert.match(page.body, /Line one<br>Line two/)
    assert.match(page.body, /Medium/)
    assert.match(page.body, /Jan 4, 2026, 10:30\sAM UTC/)
    assert.match(page.body, /Analytical Engines/)
    const ticket = await ticketAt(String(answer.headers.location))
    assert.equal(ticket.attributes['First seen'], Date.UTC(2026, 0, 4, 10, 30))
    assert.ok(hidden && !Object.hasOwn(ticket.attributes, hidden.name))
  })

  test('what is missing or wrong is said in place, and nothing that was written is lost', async () => {
    const browser = await signIn(ada)
    const type = await typeNamed('Bug report')
    const count = type.attributes.find((attribute) => attribute.name === 'Affected users')
    const before = await countTickets()
    const answer = await send(browser, `/tickets/new/${type.id}`, {
      client_id: 'kept-for-later',
      title: ' ',
      description: 'Kept <text>',
      [`attribute_${count?.id}`]: '1.5',
    })
    assert.equal(answer.statusCode, 422)
    assert.match(answer.body, /id="title-problem">Please fill this in/)
    assert.ok(answer.body.includes(`id="attribute_${count?.id}-problem">Please write a whole number`))
    assert.match(answer.body, /Severity<\/bdi><\/a>: Please fill this in/)
    assert.match(answer.body, /Kept &lt;text&gt;/)
    assert.match(answer.body, /value="1.5"/)
    assert.match(answer.body, /name="client_id" value="kept-for-later"/)
    assert.equal(await countTickets(), before)
  })

  test('a form sent twice, even at the same moment, is one ticket', async () => {
    const browser = await signIn(ada)
    const { path, fields } = await questionForm(browser)
    const answers = await Promise.all([send(browser, path, fields), send(browser, path, fields)])
    const third = await send(browser, path, fields)
    assert.deepEqual(new Set([...answers, third].map((answer) => answer.statusCode)), new Set([303]))
    assert.equal(new Set([...answers, third].map((answer) => answer.headers.location)).size, 1)
  })

  test('who has several companies says which; another one is refused', async () => {
    const browser = await signIn(dora)
    const companies = await house.db.selectFrom('companies').selectAll().where('company_id', '=', 'basic').execute()
    const shared = await openQuestion(browser, { company: companies[0]?.id ?? '' })
    assert.equal((await (await signIn(chen)).get(shared)).statusCode, 200)
    assert.equal((await (await signIn(ben)).get(shared)).statusCode, 404)
    const own = await openQuestion(browser, { company: '' })
    assert.equal((await (await signIn(ben)).get(own)).statusCode, 404)
    const { path, fields } = await questionForm(browser, { company: 'ffffffffffffffffffffffff' })
    assert.equal((await send(browser, path, fields)).statusCode, 422)
  })

  test('a form from another site opens nothing', async () => {
    const browser = await signIn(ada)
    const { path, fields } = await questionForm(browser)
    const before = await countTickets()
    for (const origin of ['https://evil.test', house.tenants.acme.app, 'null', null]) {
      assert.equal((await browser.post(path, fields, { form: true, origin })).statusCode, 403, String(origin))
    }
    assert.equal(await countTickets(), before)
  })

  test('a form without its token, or with that of another session, opens nothing', async () => {
    const browser = await signIn(ada)
    const { path, fields } = await questionForm(browser)
    const before = await countTickets()
    for (const form_token of ['', 'f'.repeat(64)]) assert.equal((await send(browser, path, { ...fields, form_token })).statusCode, 403)
    assert.equal(await countTickets(), before)
  })
})

suite('following a ticket', () => {
  test('a reply is shown once, however often it is sent, and may hold no markup', async () => {
    const browser = await signIn(ada)
    const path = await openQuestion(browser)
    const reply = { body: 'Hello <script>alert(1)</script>', client_id: clientId((await browser.get(path)).body) }
    const first = await send(browser, `${path}/replies`, reply)
    const second = await send(browser, `${path}/replies`, reply)
    assert.equal(first.statusCode, 303)
    assert.equal(first.headers.location, second.headers.location)
    const { body } = await browser.get(path)
    assert.equal(body.split('&lt;script&gt;').length, 2)
    assert.doesNotMatch(body, /<script/)
  })

  test('an empty reply is refused in place', async () => {
    const browser = await signIn(ada)
    const path = await openQuestion(browser)
    const answer = await send(browser, `${path}/replies`, { body: ' \r\n', client_id: 'empty-reply' })
    assert.equal(answer.statusCode, 422)
    assert.match(answer.body, /id="body-problem"/)
  })

  test('a reply wakes a ticket that waits on the customer, or is resolved; a colleague’s too', async () => {
    const browser = await signIn(ada)
    const path = await openQuestion(browser)
    for (const [category, replier] of [
      ['waiting_on_customer', browser],
      ['resolved', await signIn(ben)],
    ] as const) {
      const state = await getFirstTicketState(house.db, house.acme, category)
      await changeTicketState(house.db, await ticketAt(path), { state, author: { type: 'admin', id: '1' } }, house.now())
      assert.equal((await send(replier, `${path}/replies`, { body: `After ${category}`, client_id: `reply-${category}` })).statusCode, 303)
      const ticket = await ticketAt(path)
      assert.equal(ticket.state.category, 'in_progress')
      assert.equal(ticket.previous_ticket_state_id, state.id)
    }
    const { body } = await browser.get(path)
    assert.match(body, /Waiting on you/)
    for (const words of ['After waiting_on_customer', 'After resolved']) assert.equal(body.split(words).length, 2, words)
    assert.match(body, /Ben Babbage/)
  })

  test('the customer resolves and reopens; the second click changes nothing', async () => {
    const browser = await signIn(ada)
    const path = await openQuestion(browser)
    for (const [state, category] of [
      ['resolved', 'resolved'],
      ['resolved', 'resolved'],
      ['open', 'in_progress'],
      ['open', 'in_progress'],
    ] as const) {
      assert.equal((await send(browser, `${path}/state`, { state })).statusCode, 303)
      assert.equal((await ticketAt(path)).state.category, category)
    }
    const { conversation_id } = await ticketAt(path)
    const parts = await house.db
      .selectFrom('conversation_parts')
      .select(['sequence', 'part_type'])
      .where('conversation_id', '=', conversation_id)
      .orderBy('sequence')
      .execute()
    assert.deepEqual(
      parts.map((part) => part.sequence),
      [1, 2, 3],
    )
    assert.ok(parts.slice(1).every((part) => part.part_type === 'ticket_state_updated_by_user'))
    assert.equal((await send(browser, `${path}/state`, { state: 'deleted' })).statusCode, 400)
  })

  test('pages are never stored and speak the reader’s language', async () => {
    const browser = await signIn(ada)
    for (const [language, dir, word] of [
      ['fr', 'ltr', 'Nouveau ticket'],
      ['ja', 'ltr', '新しいチケット'],
      ['ar', 'rtl', 'تذكرة جديدة'],
    ] as const) {
      const answer = await browser.get('/tickets', { headers: { 'accept-language': language } })
      assert.equal(answer.headers['cache-control'], 'private, no-store')
      assert.ok(answer.body.includes(`lang="${language}" dir="${dir}"`))
      assert.ok(answer.body.includes(word))
      assert.doesNotMatch(answer.body, /<script/)
    }
  })

  test('addresses that name no ticket answer 404', async () => {
    const browser = await signIn(ada)
    for (const number of ['0', '-1', '999999', 'abc', '1e3', '99999999999999999999'])
      assert.equal((await browser.get(`/tickets/${number}`)).statusCode, 404, number)
  })

  test('filters, sort and pages', async () => {
    const browser = await signIn(solo)
    for (let index = 1; index <= 21; index++) {
      house.pass(1000)
      await openQuestion(browser, { title: `Nr. ${index} of many` })
    }
    const first = await browser.get('/tickets')
    assert.match(first.body, /Page 1 of 2/)
    assert.match(first.body, /Nr\. 21 of/)
    assert.doesNotMatch(first.body, /Nr\. 1 of/)
    assert.match((await browser.get('/tickets?page=2')).body, /Nr\. 1 of/)
    assert.match((await browser.get('/tickets?sort=oldest')).body, /Nr\. 1 of/)
    assert.match((await browser.get('/tickets?state=resolved')).body, /No ticket matches/)
    assert.match((await browser.get(`/tickets?type=${(await typeNamed('Question')).id}&q=many`)).body, /Matching tickets: 21/)
    assert.equal((await browser.get('/tickets?page=x&state=y&sort=z&q=a&q=b&type=NaN')).statusCode, 200)
  })
})
