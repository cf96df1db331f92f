import type { Instant } from '#db/columns.ts'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { seedTicketDefaults } from '#domain/tickets/ticket-defaults.ts'
import { addHost, addOrigin, createWorkspace, type Host, type Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'

export interface NewWorkspace {
  name: string
  /** Public address of its support host. */
  host: string
  /** Where its app runs. */
  origins: string[]
  locales: string[]
}

/** A workspace that serves its pages: host, origins, Help Center, ticket types and states. */
export async function openWorkspace(db: Db, wanted: NewWorkspace, now: Instant): Promise<{ workspace: Workspace; host: Host }> {
  const [default_locale = 'en'] = wanted.locales
  return atomically(db, async (db) => {
    const workspace = await createWorkspace(db, wanted.name, { now })
    const host = await addHost(db, workspace, wanted.host, now)
    for (const origin of wanted.origins) await addOrigin(db, workspace, origin, now)
    await createHelpCenter(db, workspace, { name: wanted.name, default_locale, locales: wanted.locales }, now)
    await seedTicketDefaults(db, workspace, now)
    return { workspace, host }
  })
}
