import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { importArticles } from '#domain/articles/import-articles.ts'
import { createAudience } from '#domain/audiences/audiences.ts'
import { getContact } from '#domain/contacts/contacts.ts'
import { createLoginLink } from '#domain/identity/login-links.ts'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import { createTicket } from '#domain/tickets/create-ticket.ts'
import { seedTicketDefaults } from '#domain/tickets/ticket-defaults.ts'
import { listTicketStates } from '#domain/tickets/ticket-states.ts'
import { listTicketTypesForContacts } from '#domain/tickets/ticket-types.ts'
import { formTokenFor } from '#http/middleware/form-token.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { ada, ben, chen } from '#test/cast.ts'
import type { Browser, House, Tenant } from '#test/house.ts'
import { openPlaces, openTeam, OWN_PAGE, type Team } from '#test/team.ts'

/** Everything an address or a body can name. All of it is Ada's, and Chen may see none of it. */
export interface Ids {
  app_id: string
  teammate: string
  contact: string
  company: string
  chat: string
  ticket: string
  number: string
  type: string
  state: string
  article: string
  collection: string
  colleague: string
  invite: string
  work_session: string
  /** Of Ada, on another device. */
  session: string
  /** The code of a sign-in link. */
  link: string
  key: string
  unproved_host: string
  proved_host: string
  provider: string
  origin: string
}

export interface Desk {
  tenant: Tenant
  token: string
  team: Team
  ids: Ids
  /** Stands in every title and body that is not for everybody. */
  mark: string
  ada: Browser
  ben: Browser
  chen: Browser
  /** Has written, and is not signed in. */
  visitor: Browser
}

/** A workspace in full use, with so many tickets; with places, it has more hosts, origins and keys than its people use. */
export async function openDesk(house: House, tenant: Tenant, { tickets = 1, hasPlaces = false } = {}): Promise<Desk> {
  const { db } = house
  const { workspace } = tenant
  const now = house.now()
  const mark = `Enigma-${workspace.app_id}`
  await seedTicketDefaults(db, workspace, now)
  const teammate = await addTeammate(db, workspace, { name: 'Tess', email: `tess@${workspace.app_id}.test` }, now)
  const { token } = await createApiToken(db, teammate, { name: 'desk', now })
  const team = await openTeam(house, tenant, mark)
  const places = hasPlaces ? await openPlaces(house, tenant, mark) : undefined
  await createHelpCenter(db, workspace, { name: workspace.name, default_locale: 'en', locales: ['en'] }, now)
  await openShelves(house, tenant, mark)
  const browsers = { ada: house.browser(tenant), ben: house.browser(tenant), chen: house.browser(tenant), visitor: house.browser(tenant) }
  const booted = await browsers.ada.boot(ada)
  assert.equal(booted.statusCode, 200, booted.body)
  for (const [name, person] of [
    ['ben', ben],
    ['chen', chen],
    ['visitor', undefined],
  ] as const)
    assert.equal((await browsers[name].boot(person)).statusCode, 200)
  const chat = await say(browsers.ada, `${mark} in a chat`)
  await say(browsers.visitor, 'A visitor was here')
  const contact = await getContact(db, workspace, booted.json<{ contact: { id: string } }>().contact.id)
  const type = (await listTicketTypesForContacts(db, workspace)).find(({ name }) => name === 'Question')
  const [state] = await listTicketStates(db, workspace)
  assert.ok(type && state)
  const draft = {
    type,
    contact,
    author: { type: 'user', id: contact.id },
    title: `${mark} in a ticket`,
    description: 'Every Monday',
    attributes: {},
  } as const
  let ticket = await createTicket(db, workspace, draft, now)
  for (let made = 1; made < tickets; made += 1) ticket = await createTicket(db, workspace, draft, now)
  const one = (table: 'articles' | 'collections' | 'companies') =>
    db.selectFrom(table).select('id').where('workspace_id', '=', workspace.id)
  const ids = {
    ...team.ids,
    ...places,
    ...{
      app_id: workspace.app_id,
      teammate: teammate.id,
      contact: contact.id,
      chat,
      ticket: ticket.id,
      number: ticket.ticket_number,
      type: type.id,
      state: state.id,
    },
    company: (await one('companies').where('company_id', '=', 'engines').executeTakeFirstOrThrow()).id,
    article: (await one('articles').where('audience_id', 'is not', null).executeTakeFirstOrThrow()).id,
    collection: (
      await db
        .selectFrom('collection_translations')
        .select('collection_id as id')
        .where('workspace_id', '=', workspace.id)
        .where('name', 'like', `${mark}%`)
        .executeTakeFirstOrThrow()
    ).id,
  }
  const { url } = await createLoginLink(db, workspace, { user_id: 'ada', expires_in: 600 }, now)
  const texts = Object.fromEntries(
    Object.entries({ ...ids, session: await sessionElsewhere(db, workspace, house.browser(tenant)), link: url.split('/').at(-1) }).map(
      ([name, id]) => [name, String(id)],
    ),
  ) as Record<keyof Ids, string>
  return { tenant, token, team, ids: texts, mark, ...browsers }
}

async function sessionElsewhere(db: Db, workspace: Workspace, browser: Browser): Promise<number> {
  await browser.boot(ada)
  const { id } = await db
    .selectFrom('sessions')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return id
}

async function openShelves({ db, now }: House, { workspace }: Tenant, mark: string): Promise<void> {
  await createAudience(db, workspace, {
    name: 'pro',
    roles: ['user'],
    rules: [{ subject: 'company', attribute: 'plan', operator: '=', value: 'pro' }],
  })
  const article = { locale: 'en', title: 'Welcome', description: 'For everybody', markdown: 'Hello.', path: 'welcome', collection: 'open' }
  const closed = {
    ...article,
    title: `${mark} in an article`,
    description: mark,
    markdown: `${mark} in its text`,
    path: 'closed',
    collection: 'closed',
    audience: 'pro',
  }
  const collections = { open: { en: { name: 'Open' } }, closed: { en: { name: `${mark} in a collection` } } }
  await importArticles(db, workspace, { articles: [article, closed], collections }, now())
}

async function say(browser: Browser, body: string): Promise<string> {
  const answer = await browser.post('/messenger/conversations', { client_id: crypto.randomUUID(), body })
  assert.ok(answer.statusCode < 300, answer.body)
  return answer.json<{ conversation: { id: string } }>().conversation.id
}

export interface Question {
  method: string
  path: string
  json?: unknown
  form?: object
  headers?: Record<string, string>
}

/** Asks with any method: as a browser of the tenant's support host, from its own pages, or with an API token on the teammates' host. */
export async function ask(
  house: House,
  who: { browser: Browser; tenant: Tenant } | { token: string } | { atWork: Team },
  { method, path, json, form, headers = {} }: Question,
): Promise<LightMyRequestResponse> {
  const authority =
    'atWork' in who
      ? { host: new URL(house.app.config.teamUrl).host, ...OWN_PAGE, cookie: `__Host-latchkey-team=${who.atWork.secret}` }
      : 'token' in who
        ? { host: new URL(house.app.config.teamUrl).host, authorization: `Bearer ${who.token}` }
        : { host: new URL(who.tenant.help).host, origin: who.tenant.help, 'sec-fetch-site': 'same-origin', cookie: cookiesOf(who.browser) }
  const type = form ? 'application/x-www-form-urlencoded' : json === undefined ? undefined : 'application/json'
  const payload = form
    ? new URLSearchParams(Object.entries({ ...hiddenFields(who), ...form })).toString()
    : typeof json === 'string' || json === undefined
      ? json
      : JSON.stringify(json)
  return house.app.inject({
    method: method as 'GET',
    url: path,
    headers: { ...authority, ...(type && { 'content-type': type }), ...headers },
    ...(payload !== undefined && { payload }),
  })
}

/** What the page of a form has in it for this browser. */
function hiddenFields(who: object): Record<string, string> {
  const secret = 'browser' in who ? (who.browser as Browser).cookies.get('__Host-latchkey') : undefined
  return secret === undefined ? {} : { form_token: formTokenFor(hashOf(secret)) }
}

function cookiesOf({ cookies }: Browser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** Every row of every table, as text by table. */
export async function dumpTables({ db }: House): Promise<Map<string, string>> {
  const tables = await db.introspection.getTables()
  const names = tables.map(({ name }) => name as 'contacts').toSorted()
  const dump = new Map<string, string>()
  for (const name of names) {
    const rows = await db.selectFrom(name).selectAll().execute()
    dump.set(
      name,
      rows
        .map((row) => JSON.stringify(row))
        .toSorted()
        .join('\n'),
    )
  }
  return dump
}
