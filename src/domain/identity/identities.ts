import type { ContactId, Instant } from '#db/columns.ts'
import { newHexId } from '#platform/ids/ids.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { blankContact, type Contact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** Who somebody is to whoever vouches for them. It is never a `user_id`, and nothing is found by e-mail. */
export interface Identity {
  /** An https address, or `mailto:` where the subject is an address that answered a mail of ours. */
  issuer: string
  subject: string
}

/** The issuer of addresses that our own mail loop has proved. */
export const OUR_MAIL = 'mailto:'

export async function findIdentity(db: Db, workspace: Workspace, { issuer, subject }: Identity): Promise<Contact | undefined> {
  return db
    .selectFrom('contact_identities as identity')
    .innerJoin('contacts as contact', (join) =>
      join.onRef('contact.workspace_id', '=', 'identity.workspace_id').onRef('contact.id', '=', 'identity.contact_id'),
    )
    .selectAll('contact')
    .where('identity.workspace_id', '=', workspace.id)
    .where('identity.issuer', '=', issuer)
    .where('identity.subject', '=', subject)
    .executeTakeFirst()
}

/**
 * The contact of this identity; made at the first sign-in, a user without a `user_id`, or a lead where only an address is
 * proved. What the issuer says of the person is a statement of its own (`signIn`).
 */
export async function findOrCreateIdentity(db: Db, workspace: Workspace, identity: Identity, now: Instant): Promise<Contact> {
  const { issuer, subject } = identity
  return atomically(db, async (db) => {
    await db
      .updateTable('contact_identities')
      .set({ last_seen_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .execute()
    const known = await findIdentity(db, workspace, identity)
    if (known) return known
    const contact = personOf(workspace, identity, now)
    await db.insertInto('contacts').values(contact).execute()
    const created = await db
      .insertInto('contact_identities')
      .values({ workspace_id: workspace.id, issuer, subject, contact_id: contact.id, created_at: now, last_seen_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('contact_id')
      .executeTakeFirst()
    if (created) return contact
    // Somebody else made it at the same moment; theirs counts.
    await db.deleteFrom('contacts').where('workspace_id', '=', workspace.id).where('id', '=', contact.id).execute()
    const winner = await findIdentity(db, workspace, identity)
    if (!winner) throw new Error('An identity was made and is not there.')
    return winner
  })
}

function personOf(workspace: Workspace, { issuer, subject }: Identity, now: Instant): Contact {
  const blank = { ...blankContact(newHexId() as ContactId, workspace, now), last_seen_at: now }
  return issuer === OUR_MAIL ? { ...blank, role: 'lead', email: subject, email_source: 'mail' } : { ...blank, role: 'user' }
}
