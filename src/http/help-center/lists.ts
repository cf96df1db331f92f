import type { ArticleSummary, CollectionSummary, Shelf } from '#domain/articles/shelf.ts'
import { icons } from '#http/html/icons.ts'
import { articleCount, type Strings } from '#http/html/strings.ts'
import { html, type Html, type HtmlValue } from '#platform/html/html.ts'
import { articlePath, collectionPath, homePath } from './addresses.ts'

export function collectionCards(collections: readonly CollectionSummary[]): Html | null {
  if (collections.length === 0) return null
  return html`<ul class="cards">${collections.map(
    (collection) => html`<li><a class="card" href="${collectionPath(collection)}">${icons.book}<strong>${collection.name}</strong>
${collection.description && html`<span class="quiet-text">${collection.description}</span>`}
<span class="quiet-text count">${articleCount(collection.locale, collection.article_count)}</span></a></li>
`,
  )}</ul>`
}

export function articleRows(articles: readonly ArticleSummary[]): Html | null {
  if (articles.length === 0) return null
  return rows(articles.map((article) => ({ href: articlePath(article), title: article.title, text: article.description })))
}

export function rows(entries: readonly { href: string; title: HtmlValue; text: HtmlValue }[]): Html {
  return html`<ul class="rows">${entries.map(
    ({
      href,
      title,
      text,
    }) => html`<li><a href="${href}"><strong>${title}</strong>${text && html`<span class="quiet-text">${text}</span>`}${icons.chevron}</a></li>
`,
  )}</ul>`
}

export function breadcrumbs(shelf: Shelf, { to, strings }: { to: CollectionSummary | undefined; strings: Strings }): Html {
  const trail = ancestors(shelf, to)
  return html`<nav class="breadcrumbs" aria-label="${strings.breadcrumbs}"><ol><li><a href="${homePath(shelf.locale)}">${strings.help}</a></li>${trail.map(
    (collection) => html`<li>${icons.chevron}<a href="${collectionPath(collection)}">${collection.name}</a></li>`,
  )}</ol></nav>`
}

function ancestors(shelf: Shelf, collection: CollectionSummary | undefined): CollectionSummary[] {
  const trail: CollectionSummary[] = []
  let at = collection
  while (at && !trail.includes(at)) {
    trail.unshift(at)
    at = at.parent_id === null ? undefined : shelf.collections.get(at.parent_id)
  }
  return trail
}
