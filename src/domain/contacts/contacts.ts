import type { Selectable } from 'kysely'
import type { ContactsTable } from '#db/contact-tables.ts'
import type { ContactId, Instant, SessionId, WorkspaceId } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { pick, prepared } from '#platform/database/prepared.ts'
import { lockedSessions } from '#domain/sessions/lock-sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export type Contact = Selectable<ContactsTable>

/** A row with nothing said about the person yet. */
export function blankContact(id: ContactId, workspace: Pick<Workspace, 'id'>, now: Instant): Contact {
  return {
    id,
    workspace_id: workspace.id,
    role: 'visitor',
    external_id: null,
    email: null,
    email_source: null,
    name: null,
    name_source: null,
    phone: null,
    phone_source: null,
    avatar_url: null,
    avatar_url_source: null,
    language_override: null,
    language_override_source: null,
    signed_up_at: null,
    signed_up_at_source: null,
    blocked_at: null,
    last_seen_at: null,
    created_at: now,
    updated_at: now,
  }
}

/** False if the workspace has a contact of this external id already. */
export async function insertContact(db: Db, contact: Contact): Promise<boolean> {
  return (await insert(db, contact)).length > 0
}

export const CONTACT_COLUMNS = Object.keys(blankContact('' as ContactId, { id: 0 as WorkspaceId }, 0)) as (keyof Contact)[]
/** Those of them that are not text. */
export const CONTACT_NUMBERS = new Set(['workspace_id', 'signed_up_at', 'blocked_at', 'last_seen_at', 'created_at', 'updated_at'])

const insert = prepared((db, contact: Contact) =>
  db
    .insertInto('contacts')
    .values(pick(contact, CONTACT_COLUMNS))
    .onConflict((conflict) => conflict.columns(['workspace_id', 'external_id']).doNothing())
    .returning('id'),
)

export async function findContact(db: Db, workspace: Pick<Workspace, 'id'>, id: string): Promise<Contact | undefined> {
  return (await selectById(db, { workspace_id: workspace.id, id: id as ContactId }))[0]
}

const selectById = prepared((db, { workspace_id, id }: Pick<Contact, 'workspace_id' | 'id'>) =>
  db.selectFrom('contacts').selectAll().where('workspace_id', '=', workspace_id).where('id', '=', id),
)

export async function getContact(db: Db, workspace: Workspace, id: string): Promise<Contact> {
  const contact = await findContact(db, workspace, id)
  if (!contact) throw new Failure('not_found', { detail: 'User Not Found' })
  return contact
}

export async function findContactByExternalId(db: Db, workspace: Workspace, externalId: string): Promise<Contact | undefined> {
  return db
    .selectFrom('contacts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('external_id', '=', externalId)
    .executeTakeFirst()
}

/** Keeps the contact from signing in and ends every session it has; answers their ids. */
export async function blockContact(db: Db, workspace: Workspace, contact: Contact, now: Instant): Promise<SessionId[]> {
  return atomically(db, async (db) => {
    await db
      .updateTable('contacts')
      .set({ blocked_at: now, updated_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('id', '=', contact.id)
      .execute()
    const theirs = lockedSessions(db, workspace, (row) => row('contact_id', '=', contact.id))
    const ended = await db
      .deleteFrom('sessions')
      .where('workspace_id', '=', workspace.id)
      .where('id', 'in', theirs)
      .returning('id')
      .execute()
    return ended.map((session) => session.id)
  })
}

export async function unblockContact(db: Db, workspace: Workspace, contact: Contact, now: Instant): Promise<void> {
  await db
    .updateTable('contacts')
    .set({ blocked_at: null, updated_at: now })
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', contact.id)
    .execute()
}
