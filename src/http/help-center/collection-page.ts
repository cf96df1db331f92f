import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CollectionId } from '#db/columns.ts'
import { shelfFor, type CollectionSummary } from '#domain/articles/shelf.ts'
import { Failure } from '#errors'
import { page } from '#http/html/layout.ts'
import { articleCount } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { collectionPath, redirectToOwnAddress } from './addresses.ts'
import { publicHead } from './head.ts'
import { articleRows, breadcrumbs, collectionCards } from './lists.ts'
import { idOf, openVisit, publicShelf, type Visit } from './visit.ts'

export async function showCollection(
  request: FastifyRequest,
  reply: FastifyReply,
  { locale, key }: { locale: string; key: string },
): Promise<FastifyReply> {
  const visit = await openVisit(request, locale)
  const collection = visit.shelf.collections.get(idOf(key) as CollectionId)
  // A collection in which this reader may read nothing does not exist for them.
  if (!collection) throw new Failure('not_found')
  const path = collectionPath(collection)
  const moved = redirectToOwnAddress(request, reply, path)
  if (moved) return moved
  const { name: title, description } = collection
  const translations = translationsOf(visit, collection.id)
  const isPublic = publicShelf(visit.library, locale).collections.has(collection.id)
  return page(request, reply, {
    title,
    locale,
    description,
    noindex: !isPublic,
    section: 'help',
    languages: translations.map((other) => ({ locale: other.locale, href: other.path })),
    head: isPublic
      ? publicHead(request, { title, description, path, locale, type: 'website', translations: publicOf(visit, collection.id) })
      : html``,
    body: collectionBody(visit, collection),
  })
}

function collectionBody({ shelf, strings, locale }: Visit, collection: CollectionSummary): Html {
  const parent = collection.parent_id === null ? undefined : shelf.collections.get(collection.parent_id)
  return html`<div class="wrap page">${breadcrumbs(shelf, { to: parent, strings })}
<div class="narrow"><header class="article-head"><h1>${collection.name}</h1>
${collection.description && html`<p class="lead">${collection.description}</p>`}
<p class="quiet-text">${articleCount(locale, collection.article_count)}</p></header>
${articleRows(shelf.articlesIn(collection.id))}</div>
${shelf.collectionsIn(collection.id).map(
  (child) => html`<section class="group narrow"><h2><a href="${collectionPath(child)}">${child.name}</a></h2>
${child.description && html`<p class="quiet-text">${child.description}</p>`}
${articleRows(shelf.articlesIn(child.id)) ?? collectionCards(shelf.collectionsIn(child.id))}</section>
`,
)}</div>`
}

function translationsOf({ library, reader }: Visit, id: CollectionId) {
  return library.helpCenter.locales.flatMap((locale) => pathIn(shelfFor(library, reader, locale).collections.get(id)))
}

function publicOf({ library }: Visit, id: CollectionId) {
  return library.helpCenter.locales.flatMap((locale) => pathIn(publicShelf(library, locale).collections.get(id)))
}

function pathIn(collection: CollectionSummary | undefined) {
  return collection ? [{ locale: collection.locale, path: collectionPath(collection) }] : []
}
