import type { ArticleId, CollectionId, Instant } from '#db/columns.ts'
import type { Audience } from '#domain/audiences/audiences.ts'
import { canRead } from '#domain/audiences/can-read.ts'
import type { Reader } from '#domain/audiences/readers.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import type { Library, ShelvedArticle } from './library.ts'

export interface ArticleSummary {
  id: ArticleId
  collection_id: CollectionId | null
  locale: string
  title: string
  description: string
  slug: string
  updated_at: Instant
}

export interface CollectionSummary {
  id: CollectionId
  parent_id: CollectionId | null
  locale: string
  name: string
  description: string
  slug: string
  /** Articles this reader may read, those of nested collections included. Never 0. */
  article_count: number
}

/** One reader's part of the library in one locale: what is not on it does not exist for them. */
export interface Shelf {
  locale: string
  articles: ReadonlyMap<ArticleId, ArticleSummary>
  collections: ReadonlyMap<CollectionId, CollectionSummary>
  articlesIn(collection: CollectionId | null): readonly ArticleSummary[]
  collectionsIn(parent: CollectionId | null): readonly CollectionSummary[]
}

const shelves = new WeakMap<Library, BoundedCache<string, Shelf>>()

/** Readers whom the same audiences take in share one shelf. */
export function shelfFor(library: Library, reader: Reader, locale: string): Shelf {
  const open = library.audiences.filter((audience) => canRead(reader, audience))
  const known = shelves.get(library) ?? boundedCache<string, Shelf>(64)
  shelves.set(library, known)
  const key = `${locale} ${open.map(({ id }) => id).join(' ')}`
  return known.get(key) ?? known.set(key, fillShelf(library, new Set([null, ...open]), locale))
}

/** The locales in which this reader may read the article. */
export function localesOf(library: Library, reader: Reader, id: ArticleId): string[] {
  const article = library.articles.get(id)
  if (!article || !canRead(reader, article.audience)) return []
  return library.helpCenter.locales.filter((locale) => article.texts.has(locale))
}

/** There is such an article, and a visitor might read it after signing in. */
export function isBehindSignIn(library: Library, id: ArticleId): boolean {
  const article = library.articles.get(id)
  return article?.audience?.users === 1
}

function fillShelf(library: Library, audiences: ReadonlySet<Audience | null>, locale: string): Shelf {
  const articles = new Map<ArticleId, ArticleSummary>()
  for (const article of library.articles.values()) {
    const summary = audiences.has(article.audience) ? summaryOf(article, locale) : undefined
    if (summary) articles.set(article.id, summary)
  }
  const byCollection = Map.groupBy(articles.values(), (article) => article.collection_id)
  const collections = new Map<CollectionId, CollectionSummary>()
  const counts = countArticles(library, byCollection)
  for (const { id, parent_id, names } of library.collections.values()) {
    const name = names.get(locale) ?? names.get(library.helpCenter.default_locale)
    const article_count = counts.get(id) ?? 0
    if (name && article_count > 0) collections.set(id, { id, parent_id, locale, ...name, article_count })
  }
  const byParent = Map.groupBy(collections.values(), (collection) => collection.parent_id)
  return {
    locale,
    articles,
    collections,
    articlesIn: (collection) => byCollection.get(collection) ?? [],
    collectionsIn: (parent) => byParent.get(parent) ?? [],
  }
}

function summaryOf({ id, collection_id, texts }: ShelvedArticle, locale: string): ArticleSummary | undefined {
  const text = texts.get(locale)
  return text && { id, collection_id, locale, ...text }
}

function countArticles(
  library: Library,
  byCollection: ReadonlyMap<CollectionId | null, readonly ArticleSummary[]>,
): Map<CollectionId, number> {
  const counts = new Map<CollectionId, number>()
  for (const [collection, articles] of byCollection) {
    const seen = new Set<CollectionId>()
    let at = collection
    while (at !== null && !seen.has(at)) {
      seen.add(at)
      counts.set(at, (counts.get(at) ?? 0) + articles.length)
      at = library.collections.get(at)?.parent_id ?? null
    }
  }
  return counts
}
