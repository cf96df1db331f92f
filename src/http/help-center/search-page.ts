import type { FastifyReply, FastifyRequest } from 'fastify'
import { searchArticles, type ArticleHit } from '#domain/articles/search-articles.ts'
import { page, searchForm } from '#http/html/layout.ts'
import { fill } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { articlePath } from './addresses.ts'
import { breadcrumbs, rows } from './lists.ts'
import { openVisit, type Visit } from './visit.ts'

const RESULTS = 20

export async function showSearch(
  request: FastifyRequest,
  reply: FastifyReply,
  { locale, q }: { locale: string; q: string },
): Promise<FastifyReply> {
  const visit = await openVisit(request, locale)
  const query = q.trim().slice(0, 200)
  const hits = await searchArticles(request.server.db, visit.library, visit.shelf, { q: query, limit: RESULTS })
  const { strings, library } = visit
  const title = query === '' ? strings.search : fill(strings.results_for, { q: query })
  const languages = library.helpCenter.locales.map((other) => ({ locale: other, href: `/${other}/search?q=${encodeURIComponent(query)}` }))
  return page(request, reply, {
    title,
    locale,
    noindex: true,
    search: 'none',
    section: 'help',
    languages,
    body: searchBody(visit, query, hits),
  })
}

function searchBody({ shelf, strings, locale }: Visit, q: string, hits: readonly ArticleHit[]): Html {
  return html`<div class="wrap page">${breadcrumbs(shelf, { to: undefined, strings })}
<div class="narrow stack"><h1 class="visually-hidden">${strings.search}</h1>${searchForm(locale, { size: 'large', q })}
${q === '' ? null : resultsOf(hits, q, strings)}</div></div>`
}

function resultsOf(hits: readonly ArticleHit[], q: string, strings: Visit['strings']): Html {
  if (hits.length === 0)
    return html`<div class="empty"><h2>${fill(strings.nothing_found, { q })}</h2><p>${strings.nothing_found_text}</p></div>`
  return html`<h2 class="eyebrow">${fill(strings.results_for, { q })}</h2>
${rows(hits.map(({ article, title, excerpt }) => ({ href: articlePath(article), title, text: excerpt })))}`
}
