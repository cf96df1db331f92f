import type { ContactId, Instant, Source } from '#db/columns.ts'
import { Failure } from '#errors'
import { newHexId } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import { blankContact, findContactByExternalId, getContact, insertContact, type Contact } from '#domain/contacts/contacts.ts'
import { stateCompanies } from '#domain/companies/memberships.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Claims } from './claims.ts'
import { findIdentity, findOrCreateIdentity, type Identity } from './identities.ts'

const COLUMNS = { email: 'email', name: 'name', phone: 'phone', avatar: 'avatar_url', language_override: 'language_override' } as const
/** Values a page may not set without a signature. */
const SIGNED_ONLY: ReadonlySet<string> = new Set(['email', 'phone'])

/** Whom a door vouches for: the app's user, by the app's own id; a contact that is known here; or somebody new to an issuer. */
export type Who = { user_id: string } | { contact_id: ContactId } | Identity

/** An identity that is known here is its contact. */
export async function resolveIdentity(db: Db, workspace: Workspace, identity: Identity): Promise<Who> {
  const known = await findIdentity(db, workspace, identity)
  return known ? { contact_id: known.id } : identity
}

/** The same of anybody a token vouches for. */
export async function resolveWho(db: Db, workspace: Workspace, who: Who): Promise<Who> {
  return 'issuer' in who ? resolveIdentity(db, workspace, who) : who
}

/** True if this contact is the one a door vouches for; nobody is who is new (`resolveIdentity` has looked). */
export function isSamePerson(contact: Contact, who: Who): boolean {
  if ('user_id' in who) return contact.external_id === who.user_id
  return 'contact_id' in who && contact.id === who.contact_id
}

/** Who says it: `token` for signed claims, `messenger` for what the page adds without a signature. */
export interface Statement {
  claims: Claims
  source: Extract<Source, 'token' | 'messenger'>
}

/** Finds the contact, or creates the user with this external id, and writes what is newly said; unsigned never overwrites signed. `isKnown`: most likely there is one. */
export async function identifyContact(
  db: Db,
  workspace: Workspace,
  { who, statements, isKnown }: { who: Who; statements: Statement[]; isKnown: boolean },
  now: Instant,
): Promise<{ contact: Contact; isNew: boolean }> {
  const known = isKnown && 'user_id' in who ? await findContactByExternalId(db, workspace, who.user_id) : undefined
  const created = 'user_id' in who && !known ? await createUser(db, workspace, { user_id: who.user_id, statements }, now) : undefined
  let contact = created ?? (await lockContact(db, known ?? (await findOrCreate(db, workspace, who, now)), now))
  if (contact.blocked_at !== null) throw new Failure('contact_blocked')
  for (const statement of statements) contact = await applyStatement(db, contact, statement, now)
  return { contact, isNew: created !== undefined }
}

/** Undefined if there is one: most who sign in anew are new in this browser, or new at all. */
async function createUser(
  db: Db,
  workspace: Workspace,
  { user_id, statements }: { user_id: string; statements: Statement[] },
  now: Instant,
): Promise<Contact | undefined> {
  const user = newUser(workspace, { user_id, statements }, now)
  return (await insertContact(db, user)) ? user : undefined
}

/** The row of somebody new, with all that statements say in its columns. */
export function newUser(
  workspace: Workspace,
  { user_id, statements }: { user_id: string; statements: Statement[] },
  now: Instant,
): Contact {
  const blank = blankContact(newHexId() as ContactId, workspace, now)
  const user: Contact = { ...blank, role: 'user', external_id: user_id, last_seen_at: now }
  for (const statement of statements) Object.assign(user, columnChanges(user, statement))
  return user
}

/** Writes one statement about a contact that exists. */
export async function applyStatement(db: Db, contact: Contact, statement: Statement, now: Instant): Promise<Contact> {
  const changes = columnChanges(contact, statement)
  await writeAttributes(db, contact, statement, now)
  if (statement.source === 'token') {
    const { companies, companiesAreComplete: complete } = statement.claims
    await stateCompanies(db, contact, { companies, complete }, now)
  }
  if (Object.keys(changes).length === 0) return contact
  return db
    .updateTable('contacts')
    .set({ ...changes, updated_at: now })
    .where('workspace_id', '=', contact.workspace_id)
    .where('id', '=', contact.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Two sign-ins of one user come one after the other, and a block that came first is seen. */
async function lockContact(db: Db, { id, workspace_id }: Contact, now: Instant): Promise<Contact> {
  return db
    .updateTable('contacts')
    .set({ last_seen_at: now })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function findOrCreate(db: Db, workspace: Workspace, who: Who, now: Instant): Promise<Contact> {
  if ('contact_id' in who) return getContact(db, workspace, who.contact_id)
  if (!('user_id' in who)) return findOrCreateIdentity(db, workspace, who, now)
  const user = await findContactByExternalId(db, workspace, who.user_id)
  if (!user) throw new Error('A contact that could not be inserted is there.')
  return user
}

function columnChanges(contact: Contact, { claims, source }: Statement): Partial<Contact> {
  const changes: Partial<Contact> = {}
  for (const [claim, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, (typeof COLUMNS)[keyof typeof COLUMNS]][]) {
    const value = claims.standard.get(claim)
    if (value === undefined || (source === 'messenger' && SIGNED_ONLY.has(claim))) continue
    if (!mayWrite(contact[`${column}_source`], source) || (contact[column] === value && contact[`${column}_source`] === source)) continue
    changes[column] = value
    changes[`${column}_source`] = source
  }
  const { signed_up_at } = claims
  if (signed_up_at !== undefined && signed_up_at !== contact.signed_up_at && mayWrite(contact.signed_up_at_source, source)) {
    changes.signed_up_at = signed_up_at
    changes.signed_up_at_source = source
  }
  return changes
}

async function writeAttributes(
  db: Db,
  { id: contact_id, workspace_id }: Contact,
  { claims, source }: Statement,
  now: Instant,
): Promise<void> {
  if (claims.attributes.size === 0) return
  const standing = await db
    .selectFrom('contact_attributes')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('contact_id', '=', contact_id)
    .execute()
  const known = new Map(standing.map((row) => [row.name, row]))
  for (const [name, value] of claims.attributes) {
    const row = known.get(name)
    if (row && !mayWrite(row.source, source)) continue
    if (
      row &&
      row.source === source &&
      row.type === value.type &&
      row.text_value === value.text_value &&
      row.number_value === value.number_value
    )
      continue
    const columns = { ...value, source, updated_at: now }
    await db
      .insertInto('contact_attributes')
      .values({ workspace_id, contact_id, name, ...columns })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'contact_id', 'name']).doUpdateSet(columns))
      .execute()
  }
}

function mayWrite(standing: Contact['email_source'], source: Statement['source']): boolean {
  return source === 'token' || standing === null || standing === 'messenger'
}
