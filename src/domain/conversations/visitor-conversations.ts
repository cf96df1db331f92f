import type { ContactId, Instant } from '#db/columns.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { blankContact, getContact, type Contact } from '#domain/contacts/contacts.ts'
import { appendEvent } from '#domain/events/events.ts'
import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** The contact a session stands for; a visitor's is made here, at the first message. */
export async function ensureContact(db: Db, workspace: Workspace, session: StandingSession, now: Instant): Promise<Contact> {
  if (session.contact) return session.contact
  return atomically(db, async (db) => {
    await db
      .insertInto('contacts')
      .values({ ...blankContact(session.visitor_id, workspace, now), last_seen_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db
      .updateTable('sessions')
      .set({ contact_id: session.visitor_id })
      .where('workspace_id', '=', workspace.id)
      .where('id', '=', session.id)
      .execute()
    return getContact(db, workspace, session.visitor_id)
  })
}

/** What a visitor said becomes the user's own; the visitor's contact is gone then. */
export async function moveVisitorConversations(
  db: Db,
  workspace: Workspace,
  { from, to }: { from: ContactId; to: Contact },
  now: Instant,
): Promise<void> {
  await atomically(db, async (db) => {
    const moved = await db
      .updateTable('conversations')
      .set({ contact_id: to.id, updated_at: now })
      .where('workspace_id', '=', workspace.id)
      .where('contact_id', '=', from)
      .returning('id')
      .execute()
    await db
      .updateTable('tickets')
      .set({ contact_id: to.id })
      .where('workspace_id', '=', workspace.id)
      .where('contact_id', '=', from)
      .execute()
    for (const { id } of moved) {
      await db
        .updateTable('conversation_parts')
        .set({ author_id: to.id, author_type: to.role })
        .where('workspace_id', '=', workspace.id)
        .where('conversation_id', '=', id)
        .where('author_id', '=', from)
        .execute()
    }
    await db
      .updateTable('tracked_events')
      .set({ contact_id: to.id })
      .where('workspace_id', '=', workspace.id)
      .where('contact_id', '=', from)
      .execute()
    for (const { id } of moved) {
      await appendEvent(
        db,
        {
          workspace_id: workspace.id,
          topic: 'conversation.contact.attached',
          contact_id: to.id,
          conversation_id: id,
          visible_to_contact: true,
        },
        now,
      )
    }
    await db.deleteFrom('contacts').where('workspace_id', '=', workspace.id).where('id', '=', from).where('role', '=', 'visitor').execute()
  })
}
