import type { Selectable } from 'kysely'
import type { CollectionsTable } from '#db/article-tables.ts'
import type { CollectionId, Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import type { HelpCenter } from './help-centers.ts'
import { slugOf } from './slugs.ts'

export type Collection = Selectable<CollectionsTable>

/** In each locale a name and perhaps a description. */
export type CollectionNames = Readonly<Record<string, { name: string; description?: string | undefined }>>

export async function createCollection(
  db: Db,
  helpCenter: HelpCenter,
  { translations, parent_id = null, position = 0 }: { translations: CollectionNames; parent_id?: CollectionId | null; position?: number },
  now: Instant,
): Promise<Collection> {
  return atomically(db, async (db) => {
    const collection = await db
      .insertInto('collections')
      .values({
        workspace_id: helpCenter.workspace_id,
        help_center_id: helpCenter.id,
        parent_id,
        position,
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await nameCollection(db, collection, translations, now)
    return collection
  })
}

/** Writes the given locales and leaves the others as they are. */
export async function nameCollection(db: Db, collection: Collection, translations: CollectionNames, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    const touched = await db
      .updateTable('collections')
      .set(({ eb }) => ({
        updated_at: eb
          .case()
          .when('updated_at', '>=', now)
          .then(eb('updated_at', '+', 1))
          .else(now)
          .end(),
      }))
      .where('workspace_id', '=', collection.workspace_id)
      .where('id', '=', collection.id)
      .executeTakeFirst()
    if (touched.numUpdatedRows === 0n) throw new Failure('not_found')
    for (const [locale, { name, description = '' }] of Object.entries(translations)) {
      const values = { name, description, slug: slugOf(name) }
      await db
        .insertInto('collection_translations')
        .values({ workspace_id: collection.workspace_id, collection_id: collection.id, locale, ...values })
        .onConflict((conflict) => conflict.columns(['collection_id', 'locale']).doUpdateSet(values))
        .execute()
    }
  })
}
