import type { ArticleId, AudienceId, CollectionId, Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { listAudiences } from '#domain/audiences/audiences.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { createArticle, publishArticle, writeArticle, type Article } from './articles.ts'
import { createCollection, type CollectionNames } from './collections.ts'
import { findHelpCenter, type HelpCenter } from './help-centers.ts'

export interface ImportedArticle {
  locale: string
  /** The same path in another locale is the same article. */
  path: string
  /** A path whose segments nest. */
  collection: string
  title: string
  description: string
  markdown: string
  /** Name of an audience that exists; absent for everyone. */
  audience?: string | undefined
}

export interface Import {
  articles: readonly ImportedArticle[]
  /** By collection path. */
  collections: Readonly<Record<string, CollectionNames>>
  /** Where links lead that point to pages which are not imported, e.g. `https://docs.example.com`. */
  elsewhere?: string
}

/** Publishes the articles in the given order and turns links among them (`/fr/path/`) into links here. */
export async function importArticles(
  db: Db,
  workspace: Workspace,
  { articles, collections, elsewhere }: Import,
  now: Instant,
): Promise<void> {
  const helpCenter = await findHelpCenter(db, workspace)
  if (!helpCenter) throw new Failure('not_found', { detail: 'Create the help center first.' })
  const audiences = new Map((await listAudiences(db, workspace)).map(({ id, name }) => [name, id]))
  await atomically(db, async (db) => {
    const shelves = await createCollections(db, helpCenter, { articles, collections }, now)
    const made = new Map<string, Article>()
    for (const { path, collection, audience } of articles) {
      if (made.has(path)) continue
      const place = { collection_id: shelves.get(collection) ?? null, audience_id: audienceNamed(audiences, audience), position: made.size }
      made.set(path, await createArticle(db, workspace, place, now))
    }
    const linkTo = linksAmong(made, elsewhere)
    for (const row of articles) {
      const article = made.get(row.path)
      if (!article) continue
      await writeArticle(db, article, { ...row, markdown: rewriteLinks(row.markdown, linkTo) }, now)
      await publishArticle(db, article, row.locale, now)
    }
  })
}

async function createCollections(
  db: Db,
  helpCenter: HelpCenter,
  { articles, collections }: Import,
  now: Instant,
): Promise<Map<string, CollectionId>> {
  const used = new Set(articles.flatMap(({ collection }) => ancestry(collection)))
  const order = Object.keys(collections)
  const paths = [...used].toSorted((a, b) => order.indexOf(a) - order.indexOf(b) || a.length - b.length)
  const made = new Map<string, CollectionId>()
  const make = async (path: string): Promise<CollectionId> => {
    const known = made.get(path)
    if (known) return known
    const parent = ancestry(path).at(-2)
    const translations = collections[path] ?? { [helpCenter.default_locale]: { name: path.split('/').at(-1) ?? path } }
    const collection = await createCollection(
      db,
      helpCenter,
      { translations, parent_id: parent === undefined ? null : await make(parent), position: paths.indexOf(path) },
      now,
    )
    made.set(path, collection.id)
    return collection.id
  }
  for (const path of paths) await make(path)
  return made
}

/** `a/b/c` → a, a/b, a/b/c */
function ancestry(path: string): string[] {
  const segments = path.split('/').filter(Boolean)
  return segments.map((_segment, index) => segments.slice(0, index + 1).join('/'))
}

function audienceNamed(audiences: ReadonlyMap<string, AudienceId>, name: string | undefined): AudienceId | null {
  if (name === undefined) return null
  const id = audiences.get(name)
  if (id === undefined) throw new Failure('parameter_invalid', { detail: `There is no audience ${name}.` })
  return id
}

type LinkTo = (path: string, fragment: string) => string

function linksAmong(made: ReadonlyMap<string, { id: ArticleId }>, elsewhere: string | undefined): LinkTo {
  return (path, fragment) => {
    const [locale = '', ...rest] = path.split('/').filter(Boolean)
    const article = made.get(rest.join('/'))
    if (article) return `/${locale}/articles/${article.id}${fragment && `#h-${fragment.slice(1)}`}`
    return elsewhere === undefined ? path + fragment : `${elsewhere}${path}${fragment}`
  }
}

/** Not inside fenced code. */
function rewriteLinks(markdown: string, linkTo: LinkTo): string {
  return markdown
    .split(/(^(?:```|~~~)[^]*?^(?:```|~~~)\s*$)/m)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/\]\((\/(?!\/)[^)\s#]*)(#[^)\s]*)?/g, (_all, path: string, fragment = '') => `](${linkTo(path, String(fragment))}`),
    )
    .join('')
}
