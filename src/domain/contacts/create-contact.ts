import type { CompanyId, ContactId, Instant } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { newHexId } from '#platform/ids/ids.ts'
import { blankContact, type Contact } from './contacts.ts'

export interface NewContact {
  /** The customer's own id makes a user; without one it is a lead. */
  external_id?: string | undefined
  email?: string | undefined
  name?: string | undefined
  companies?: { company_id: string; name: string; plan?: string | undefined }[]
}

/** Stated by the API. Whoever has the external id already is answered as they stand. */
export async function createContact(db: Db, workspace: Workspace, person: NewContact, now: Instant): Promise<Contact> {
  return atomically(db, async (db) => {
    const { external_id = null, email = null, name = null } = person
    const created = await db
      .insertInto('contacts')
      .values({
        ...blankContact(newHexId() as ContactId, workspace, now),
        ...{ role: external_id === null ? 'lead' : 'user', external_id, email, name },
        ...{ email_source: email === null ? null : 'api', name_source: name === null ? null : 'api' },
      })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'external_id']).doNothing())
      .returningAll()
      .executeTakeFirst()
    const contact =
      created ??
      (await db
        .selectFrom('contacts')
        .selectAll()
        .where('workspace_id', '=', workspace.id)
        .where('external_id', '=', external_id)
        .executeTakeFirstOrThrow())
    for (const company of person.companies ?? []) await joinCompany(db, contact, company, now)
    return contact
  })
}

/** The oldest with this address who is vouched for; a lead only where there is no user. */
export async function findContactByEmail(db: Db, workspace: Workspace, email: string): Promise<Contact | undefined> {
  return db
    .selectFrom('contacts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('email', 'in', [email, email.toLowerCase()])
    .where('role', '!=', 'visitor')
    .orderBy('role', 'desc')
    .orderBy('created_at')
    .executeTakeFirst()
}

async function joinCompany(
  db: Db,
  contact: Contact,
  { company_id, name, plan }: { company_id: string; name: string; plan?: string | undefined },
  now: Instant,
) {
  const { id } = await db
    .insertInto('companies')
    .values({
      id: newHexId() as CompanyId,
      workspace_id: contact.workspace_id,
      company_id,
      name,
      plan: plan ?? null,
      signed_up_at: null,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'company_id']).doUpdateSet({ updated_at: now }))
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('company_memberships')
    .values({ workspace_id: contact.workspace_id, contact_id: contact.id, company_id: id, source: 'api', created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
