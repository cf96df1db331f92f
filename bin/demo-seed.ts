import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importArticles, type Import, type ImportedArticle } from '#domain/articles/import-articles.ts'
import { createAudience, listAudiences } from '#domain/audiences/audiences.ts'
import { createContact, type NewContact } from '#domain/contacts/create-contact.ts'
import { isSetUp, setUpFirstOwner } from '#domain/installation/first-owner.ts'
import { createSecret, listSigningKeys, openSecret } from '#domain/identity/signing-keys.ts'
import { createApiToken, findApiCaller } from '#domain/teammates/api-tokens.ts'
import { enlist } from '#domain/teammates/invites.ts'
import { hashPassword, storePassword } from '#domain/teammates/passwords.ts'
import { addTeammate, listTeammates } from '#domain/teammates/teammates.ts'
import { changeTicketState, replyToTicket } from '#domain/tickets/change-ticket.ts'
import { createTicket } from '#domain/tickets/create-ticket.ts'
import { getFirstTicketState } from '#domain/tickets/ticket-states.ts'
import { listTicketTypesForContacts } from '#domain/tickets/ticket-types.ts'
import {
  addHost,
  addOrigin,
  changeWorkspace,
  getWorkspace,
  listHosts,
  listOrigins,
  listWorkspaces,
  removeHost,
  removeOrigin,
  type Workspace,
} from '#domain/workspaces/workspaces.ts'
import { newSecret } from '#platform/ids/ids.ts'
import type { Context } from './commands/command.ts'
import { setUpWorkspace } from './commands/setup.ts'

export interface Person {
  user_id: string
  email: string
  password: string
  name: string
  company: { company_id: string; name: string; plan: string }
}

export interface Credentials {
  app_id: string
  messenger_secret: string
  api_token: string
}

export interface Tenant extends Credentials {
  name: string
  kid: string
  help_url: string
  app_url: string
  people: Person[]
}

type Tools = Pick<Context, 'db' | 'encryption' | 'now'>

const root = join(import.meta.dirname, '..')
const LOCALES = ['en', 'fr', 'ja', 'ar']

export function readPeople(company: string): Person[] {
  const all = JSON.parse(readFileSync(join(root, 'examples/acme/people.json'), 'utf8')) as Record<string, Person[]>
  return all[company] ?? []
}

/** Brings one workspace of the demo to where it should be; what stands already stays, credentials that still work too. */
export async function seedTenant(
  tools: Tools,
  place: { name: string; help_url: string; app_url: string },
  known: Partial<Credentials> | undefined,
): Promise<Tenant> {
  const { workspace, made } = await findOrSetUp(tools, place, known)
  await moveTo(tools, workspace, place)
  const credentials = made ?? (await keepCredentials(tools, workspace, known ?? {}))
  await seedArticles(tools, workspace)
  const people = readPeople(place.name)
  await seedTickets(tools, workspace, people)
  return { ...place, ...credentials, app_id: workspace.app_id, people }
}

export interface DemoTeammate {
  email: string
  password: string
}

/** Whoever answers in the demo can sign in at once: the owner of each company. */
export async function seedOwner(
  { db, now }: Pick<Tools, 'db' | 'now'>,
  tenant: Tenant,
  known: DemoTeammate | undefined,
): Promise<DemoTeammate> {
  const email = `tess@${tenant.name.toLowerCase()}.example`
  const owner = { name: `Tess of ${tenant.name}`, email, password: newSecret().slice(0, 14) }
  if (!(await isSetUp(db))) {
    await setUpFirstOwner(db, { ...owner, workspace: tenant.app_id }, now)
    return owner
  }
  if (known?.email === email) return known
  const workspace = await getWorkspace(db, tenant.app_id)
  await storePassword(db, await enlist(db, workspace.id, { ...owner, role: 'owner' }, now), await hashPassword(owner.password, owner), now)
  return owner
}

async function findOrSetUp(
  tools: Tools,
  { name, help_url, app_url }: { name: string; help_url: string; app_url: string },
  known: Partial<Credentials> | undefined,
) {
  const workspaces = await listWorkspaces(tools.db)
  const standing = workspaces.find((one) => one.app_id === known?.app_id) ?? workspaces.find((one) => one.name === name)
  if (standing) return { workspace: standing, made: undefined }
  const teammate = { name: `Tess of ${name}`, email: `tess@${name.toLowerCase()}.example` }
  const { workspace, kid, secret, token } = await setUpWorkspace(tools, {
    name,
    host: help_url,
    origins: [app_url],
    teammate,
    locales: LOCALES,
  })
  return { workspace, made: { kid, messenger_secret: secret, api_token: token } }
}

/** The port may be another one than last time. */
async function moveTo(
  { db, now }: Tools,
  workspace: Workspace,
  { help_url, app_url }: { help_url: string; app_url: string },
): Promise<void> {
  const hosts = (await listHosts(db, workspace)).map((host) => host.origin)
  if (!hosts.includes(help_url)) await addHost(db, workspace, help_url, now)
  for (const stale of hosts.filter((origin) => origin !== help_url)) await removeHost(db, workspace, stale)
  for (const stale of (await listOrigins(db, workspace)).filter((origin) => origin !== app_url)) await removeOrigin(db, workspace, stale)
  await addOrigin(db, workspace, app_url, now)
  await changeWorkspace(db, workspace, { login_url: `${app_url}/help/login` })
}

async function keepCredentials({ db, encryption, now }: Tools, workspace: Workspace, known: Partial<Credentials>) {
  const keys = await listSigningKeys(db, workspace)
  const key = keys.find((row) => row.retired_at === null && openSecret(encryption, workspace, row) === known.messenger_secret)
  const { kid, secret } = key ? { kid: key.kid, secret: known.messenger_secret ?? '' } : await addKey({ db, encryption, now }, workspace)
  const caller = known.api_token === undefined ? undefined : await findApiCaller(db, known.api_token, now)
  const api_token = caller?.workspace.id === workspace.id ? (known.api_token ?? '') : await addToken({ db, encryption, now }, workspace)
  return { kid, messenger_secret: secret, api_token }
}

async function addKey({ db, encryption, now }: Tools, workspace: Workspace) {
  const { row, secret } = await createSecret(db, encryption, workspace, { name: 'Demo', now })
  return { kid: row.kid, secret }
}

async function addToken({ db, now }: Tools, workspace: Workspace): Promise<string> {
  const [first] = await listTeammates(db, workspace)
  const teammate = first ?? (await addTeammate(db, workspace, { name: 'Tess', email: 'tess@latchkey.example' }, now))
  return (await createApiToken(db, teammate, { name: 'Demo', now })).token
}

async function seedArticles({ db, now }: Tools, workspace: Workspace): Promise<void> {
  const audiences = (await listAudiences(db, workspace)).map((audience) => audience.name)
  if (!audiences.includes('users')) await createAudience(db, workspace, { name: 'users', roles: ['user'] })
  if (!audiences.includes('pro')) {
    await createAudience(db, workspace, {
      name: 'pro',
      roles: ['user'],
      rules: [{ subject: 'company', attribute: 'plan', operator: '=', value: 'pro' }],
    })
  }
  const one = await db.selectFrom('articles').select('id').where('workspace_id', '=', workspace.id).limit(1).executeTakeFirst()
  if (one) return
  const folder = join(root, 'examples/articles')
  const lines = readFileSync(join(folder, 'articles.jsonl'), 'utf8').trim().split('\n')
  const collections = JSON.parse(readFileSync(join(folder, 'collections.json'), 'utf8')) as Import['collections']
  const articles = lines.map((line) => JSON.parse(line) as ImportedArticle)
  await importArticles(db, workspace, { articles, collections, elsewhere: 'https://docs.astro.build' }, now)
}

const TICKETS = [
  {
    of: 0,
    type: 'Bug report',
    title: 'Build stops at the image step',
    description: 'Since Monday the build stops after “optimising images”.\n\nIt worked with the version before.',
    attributes: { Severity: 'High' },
    answered: true,
  },
  {
    of: 1,
    type: 'Question',
    title: 'Can we have a second deploy preview?',
    description: 'One for the design team, one for ourselves.',
    attributes: { 'Product area': 'Integrations' },
    answered: false,
  },
  {
    of: 2,
    type: 'Question',
    title: 'Which plan has sessions?',
    description: 'We are on the free plan and would like to use server sessions.',
    attributes: { 'Product area': 'Billing' },
    answered: false,
  },
]

async function seedTickets({ db, now }: Tools, workspace: Workspace, people: Person[]): Promise<void> {
  const one = await db.selectFrom('tickets').select('id').where('workspace_id', '=', workspace.id).limit(1).executeTakeFirst()
  if (one) return
  const types = await listTicketTypesForContacts(db, workspace)
  const [teammate] = await listTeammates(db, workspace)
  for (const { of, type: name, answered, ...draft } of TICKETS) {
    const person = people[of]
    const type = types.find((type) => type.name === name)
    if (!person || !type) continue
    const contact = await createContact(db, workspace, asContact(person), now)
    const ticket = await createTicket(db, workspace, { ...draft, type, contact, author: { type: 'user', id: contact.id } }, now)
    if (!answered || !teammate) continue
    const author = { type: 'admin', id: String(teammate.id) } as const
    await replyToTicket(
      db,
      ticket,
      { part_type: 'comment', body: '<p>Thank you, we can see it too and are looking into it.</p>', author },
      now,
    )
    await changeTicketState(db, ticket, { state: await getFirstTicketState(db, workspace, 'in_progress'), author }, now)
  }
}

function asContact({ user_id, email, name, company }: Person): NewContact {
  return { external_id: user_id, email, name, companies: [company] }
}
