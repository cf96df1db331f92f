import type { ContactId, Instant } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'

export interface NewTrackedEvent {
  contact_id: ContactId
  event_name: string
  metadata: Record<string, unknown>
}

/** What the customer's page says that a person did; nobody vouches for it. */
export async function trackEvent(db: Db, workspace: Workspace, { metadata, ...event }: NewTrackedEvent, now: Instant): Promise<void> {
  await db
    .insertInto('tracked_events')
    .values({ ...event, workspace_id: workspace.id, metadata: JSON.stringify(metadata), created_at: now })
    .execute()
}
