import type { ArticleId } from '#db/columns.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import type { Db } from '#platform/database/database.ts'
import type { Html } from '#platform/html/html.ts'
import { plainText } from '#platform/markdown/markdown.ts'
import { buildSearchIndex, type SearchIndex } from '#platform/search/search-index.ts'
import type { Library } from './library.ts'
import type { ArticleSummary, Shelf } from './shelf.ts'

export interface ArticleHit {
  article: ArticleSummary
  /** Escaped, with the words that matched in `<mark>`. */
  title: Html
  excerpt: Html
}

const indexes = new WeakMap<Library, BoundedCache<string, Promise<SearchIndex>>>()

/** Searches the shelf and nothing beside it: what its reader may not read is left out before anything is counted. */
export async function searchArticles(
  db: Db,
  library: Library,
  shelf: Shelf,
  { q, limit }: { q: string; limit: number },
): Promise<ArticleHit[]> {
  const query = q.trim().slice(0, 200)
  if (query === '') return []
  const index = await openIndex(db, library, shelf.locale)
  const hits = index.search(query, { allows: (id) => shelf.articles.has(id as ArticleId), limit })
  return hits.flatMap(({ id, title, excerpt }) => {
    const article = shelf.articles.get(id as ArticleId)
    return article ? [{ article, title, excerpt }] : []
  })
}

/** One index for each locale, made at the first search after a change. */
function openIndex(db: Db, library: Library, locale: string): Promise<SearchIndex> {
  const known = indexes.get(library) ?? boundedCache<string, Promise<SearchIndex>>(50)
  indexes.set(library, known)
  return known.get(locale) ?? known.set(locale, buildIndex(db, library, locale))
}

async function buildIndex(db: Db, library: Library, locale: string): Promise<SearchIndex> {
  const rows = await db
    .selectFrom('article_translations')
    .select(['article_id as id', 'title', 'description', 'html'])
    .where('workspace_id', '=', library.workspace_id)
    .where('locale', '=', locale)
    .where('state', '=', 'published')
    .execute()
  const documents = rows.map(({ id, title, description, html }) => ({ id, title, description, text: plainText(html) }))
  return buildSearchIndex(documents, locale)
}
