import type { ArticleId } from '#db/columns.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import type { Db } from '#platform/database/database.ts'
import type { Html } from '#platform/html/html.ts'
import { listHeadings, type Heading } from '#platform/markdown/markdown.ts'
import { sanitizedAgain } from '#platform/markdown/sanitize.ts'
import type { Library } from './library.ts'

export interface ArticleBody {
  html: Html
  headings: readonly Heading[]
}

const BODIES_PER_LIBRARY = 400
const bodies = new WeakMap<Library, BoundedCache<string, ArticleBody>>()

/** The published text, sanitised once more. Ask only for what is on the reader's shelf. */
export async function readArticleBody(
  db: Db,
  library: Library,
  { id, locale }: { id: ArticleId; locale: string },
): Promise<ArticleBody | undefined> {
  const known = bodies.get(library) ?? boundedCache<string, ArticleBody>(BODIES_PER_LIBRARY)
  bodies.set(library, known)
  const key = `${id} ${locale}`
  const body = known.get(key)
  if (body) return body
  const row = await db
    .selectFrom('article_translations')
    .select('html')
    .where('workspace_id', '=', library.workspace_id)
    .where('article_id', '=', id)
    .where('locale', '=', locale)
    .where('state', '=', 'published')
    .executeTakeFirst()
  if (!row) return undefined
  const html = sanitizedAgain(row.html)
  return known.set(key, { html, headings: listHeadings(html.text) })
}
