import { sql } from 'kysely'
import type { ArticleId, AudienceId, CollectionId, Instant, WorkspaceId } from '#db/columns.ts'
import { listAudiences, type Audience } from '#domain/audiences/audiences.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import type { Change } from '#platform/database/changes.ts'
import { versionOf, type Db } from '#platform/database/database.ts'
import { findHelpCenter, type HelpCenter } from './help-centers.ts'

export interface ShelvedArticle {
  id: ArticleId
  collection_id: CollectionId | null
  audience: Audience | null
  /** Published texts by locale. */
  texts: ReadonlyMap<string, { title: string; description: string; slug: string; updated_at: Instant }>
}

export interface ShelvedCollection {
  id: CollectionId
  parent_id: CollectionId | null
  names: ReadonlyMap<string, { name: string; description: string; slug: string }>
}

/** Everything published in a workspace but the bodies, in reading order. Nobody sees it but through `shelf.ts`. */
export interface Library {
  version: string
  workspace_id: WorkspaceId
  helpCenter: HelpCenter
  collections: ReadonlyMap<CollectionId, ShelvedCollection>
  articles: ReadonlyMap<ArticleId, ShelvedArticle>
  audiences: readonly Audience[]
  /** Whether anybody's attributes matter here at all. */
  hasRules: boolean
}

const TABLES = [
  ...['help_centers', 'help_center_locales', 'audiences', 'audience_rules'],
  ...['collections', 'collection_translations', 'articles', 'article_translations'],
]
const CHANGES: readonly Change[] = TABLES.flatMap((table) => [table, `+${table}`])

interface Known {
  /** While it is the same, nothing was written, and nothing is asked. */
  stamp: number
  version: string
  library: Promise<Library | undefined> | undefined
}

const byDatabase = new WeakMap<object, BoundedCache<WorkspaceId, Known>>()

/** What is published, from memory; `versionOf` says how soon a change is seen. Undefined: no help center. */
export async function openLibrary(db: Db, workspace: Workspace): Promise<Library | undefined> {
  const known = await freshState(db, workspace)
  known.library ??= readLibrary(db, workspace, known.version)
  return known.library
}

async function freshState(db: Db, workspace: Workspace): Promise<Known> {
  const cache = byDatabase.get(db) ?? boundedCache<WorkspaceId, Known>(1000)
  byDatabase.set(db, cache)
  const known = cache.get(workspace.id)
  const stamp = versionOf(db, CHANGES)
  if (known?.stamp === stamp) return known
  const version = await readVersion(db, workspace)
  if (known?.version === version) {
    known.stamp = stamp
    return known
  }
  return cache.set(workspace.id, { stamp, version, library: undefined })
}

async function readVersion(db: Db, workspace: Workspace): Promise<string> {
  // Sums beside the maximum, because a change need not be the latest one; the moduli keep them below 2^53.
  const stamps = await sql<Record<string, number | string | null>>`
    select 'articles' as noun, count(*) as a, max(updated_at) as b, sum(updated_at % 999983) as c from articles where workspace_id = ${workspace.id}
    union all select 'collections', count(*), max(updated_at), sum(updated_at % 999983) from collections where workspace_id = ${workspace.id}
    union all select 'help centers', count(*), max(updated_at), max(id) from help_centers where workspace_id = ${workspace.id}
    union all select 'audiences', count(*), max(id), sum(visitors + leads * 1000 + users * 1000000) from audiences where workspace_id = ${workspace.id}
    union all select 'rules', count(*), max(id), sum(id % 999983) from audience_rules where workspace_id = ${workspace.id}
    order by noun`.execute(db)
  return stamps.rows.map((row) => [row['a'], row['b'], row['c']].join('.')).join('-')
}

async function readLibrary(db: Db, workspace: Workspace, version: string): Promise<Library | undefined> {
  const helpCenter = await findHelpCenter(db, workspace)
  if (!helpCenter) return undefined
  const audiences = await listAudiences(db, workspace)
  const [collections, articles] = await Promise.all([readCollections(db, helpCenter), readArticles(db, workspace, audiences)])
  return {
    version,
    workspace_id: workspace.id,
    helpCenter,
    collections,
    articles,
    audiences,
    hasRules: audiences.some(({ rules }) => rules.length > 0),
  }
}

async function readCollections(db: Db, helpCenter: HelpCenter): Promise<Library['collections']> {
  const rows = await db
    .selectFrom('collections')
    .innerJoin('collection_translations as name', (join) =>
      join.onRef('name.workspace_id', '=', 'collections.workspace_id').onRef('name.collection_id', '=', 'collections.id'),
    )
    .select(['collections.id', 'parent_id', 'name.locale', 'name.name', 'name.description', 'name.slug'])
    .where('collections.workspace_id', '=', helpCenter.workspace_id)
    .where('help_center_id', '=', helpCenter.id)
    .orderBy('position')
    .orderBy('collections.id')
    .execute()
  const shelves = Map.groupBy(rows, (row) => row.id)
  return new Map(
    Array.from(shelves, ([id, names]) => [
      id,
      {
        id,
        parent_id: names[0]?.parent_id ?? null,
        names: new Map(names.map(({ locale, name, description, slug }) => [locale, { name, description, slug }])),
      },
    ]),
  )
}

async function readArticles(db: Db, workspace: Workspace, audiences: readonly Audience[]): Promise<Library['articles']> {
  const rows = await db
    .selectFrom('articles')
    .innerJoin('article_translations as text', (join) =>
      join.onRef('text.workspace_id', '=', 'articles.workspace_id').onRef('text.article_id', '=', 'articles.id'),
    )
    .select([
      'articles.id',
      'collection_id',
      'audience_id',
      'text.locale',
      'text.title',
      'text.description',
      'text.slug',
      'text.updated_at',
    ])
    .where('articles.workspace_id', '=', workspace.id)
    .where('text.state', '=', 'published')
    .orderBy('position')
    .orderBy('articles.id')
    .execute()
  const byId = new Map(audiences.map((audience) => [audience.id, audience]))
  return new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.id),
      ([id, texts]) => {
        const texted = new Map(
          texts.map(({ locale, title, description, slug, updated_at }) => [locale, { title, description, slug, updated_at }]),
        )
        return [
          id,
          { id, collection_id: texts[0]?.collection_id ?? null, audience: audienceOf(byId, texts[0]?.audience_id ?? null), texts: texted },
        ]
      },
    ),
  )
}

function audienceOf(audiences: ReadonlyMap<AudienceId, Audience>, id: AudienceId | null): Audience | null {
  if (id === null) return null
  const audience = audiences.get(id)
  if (!audience) throw new Error(`There is no audience ${id}.`)
  return audience
}
