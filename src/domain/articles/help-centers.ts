import type { Selectable } from 'kysely'
import type { HelpCentersTable } from '#db/article-tables.ts'
import type { Instant } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'

/** `locales` in the order they are offered; the default one is among them. */
export type HelpCenter = Selectable<HelpCentersTable> & { locales: string[] }

export async function createHelpCenter(
  db: Db,
  workspace: Workspace,
  { name, default_locale, locales }: { name: string; default_locale: string; locales: readonly string[] },
  now: Instant,
): Promise<HelpCenter> {
  const offered = [default_locale, ...locales.filter((locale) => locale !== default_locale)]
  return atomically(db, async (db) => {
    const row = await db
      .insertInto('help_centers')
      .values({ workspace_id: workspace.id, name, default_locale, created_at: now, updated_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    const values = offered.map((locale, position) => ({ workspace_id: workspace.id, help_center_id: row.id, locale, position }))
    await db.insertInto('help_center_locales').values(values).execute()
    return { ...row, locales: offered }
  })
}

export async function findHelpCenter(db: Db, workspace: Workspace): Promise<HelpCenter | undefined> {
  const row = await db.selectFrom('help_centers').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').executeTakeFirst()
  if (!row) return undefined
  const locales = await db
    .selectFrom('help_center_locales')
    .select('locale')
    .where('workspace_id', '=', workspace.id)
    .where('help_center_id', '=', row.id)
    .orderBy('position')
    .execute()
  return { ...row, locales: locales.map(({ locale }) => locale) }
}
