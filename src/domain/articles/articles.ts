import type { Selectable } from 'kysely'
import type { ArticlesTable } from '#db/article-tables.ts'
import type { AudienceId, CollectionId, Instant, TeammateId } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { renderMarkdown } from '#platform/markdown/markdown.ts'
import { slugOf } from './slugs.ts'

export type Article = Selectable<ArticlesTable>

export interface ArticlePlace {
  collection_id: CollectionId | null
  audience_id: AudienceId | null
  author_id: TeammateId | null
  position: number
}

export interface ArticleText {
  locale: string
  title: string
  description?: string | undefined
  markdown: string
}

/** An article has no text yet; give it some with `writeArticle`. */
export async function createArticle(db: Db, workspace: Workspace, place: Partial<ArticlePlace>, now: Instant): Promise<Article> {
  return db
    .insertInto('articles')
    .values({
      workspace_id: workspace.id,
      collection_id: null,
      audience_id: null,
      author_id: null,
      position: 0,
      ...place,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Moves an article, or changes whom it is meant for. */
export async function changeArticle(db: Db, article: Article, place: Partial<ArticlePlace>, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    await touchArticle(db, article, now)
    await db.updateTable('articles').set(place).where('workspace_id', '=', article.workspace_id).where('id', '=', article.id).execute()
  })
}

/** Writes one locale of the article; it stays as published or unpublished as it was. */
export async function writeArticle(
  db: Db,
  article: Article,
  { locale, title, description = '', markdown }: ArticleText,
  now: Instant,
): Promise<void> {
  const values = { title, description, slug: slugOf(title), markdown, html: renderMarkdown(markdown), updated_at: now }
  await atomically(db, async (db) => {
    await touchArticle(db, article, now)
    await db
      .insertInto('article_translations')
      .values({ workspace_id: article.workspace_id, article_id: article.id, locale, state: 'draft', published_at: null, ...values })
      .onConflict((conflict) => conflict.columns(['article_id', 'locale']).doUpdateSet(values))
      .execute()
  })
}

export async function publishArticle(db: Db, article: Article, locale: string, now: Instant): Promise<void> {
  await atomically(db, async (db) => {
    await touchArticle(db, article, now)
    const changed = await db
      .updateTable('article_translations')
      .set({ state: 'published', published_at: now })
      .where('workspace_id', '=', article.workspace_id)
      .where('article_id', '=', article.id)
      .where('locale', '=', locale)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) throw new Failure('not_found')
  })
}

/** Every change moves `updated_at` on, also two in one millisecond: caches and the search index go by it. */
async function touchArticle(db: Db, article: Article, now: Instant): Promise<void> {
  await db
    .updateTable('articles')
    .set(({ eb }) => ({
      updated_at: eb
        .case()
        .when('updated_at', '>=', now)
        .then(eb('updated_at', '+', 1))
        .else(now)
        .end(),
    }))
    .where('workspace_id', '=', article.workspace_id)
    .where('id', '=', article.id)
    .execute()
}
