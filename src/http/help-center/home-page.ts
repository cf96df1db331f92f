import type { FastifyReply, FastifyRequest } from 'fastify'
import { icons } from '#http/html/icons.ts'
import { page, searchForm } from '#http/html/layout.ts'
import { preferredLocale } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { homePath } from './addresses.ts'
import { publicHead } from './head.ts'
import { articleRows, collectionCards } from './lists.ts'
import { getLibrary, openVisit, type Visit } from './visit.ts'

/** `/` and `/search` → the reader's language. */
export async function sendToLocale(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { helpCenter } = await getLibrary(request)
  const offered = [helpCenter.default_locale, ...helpCenter.locales]
  const [path = '/', query] = request.url.split('?', 2)
  const target = homePath(preferredLocale(request.headers['accept-language'], offered)) + (path === '/' ? '' : path)
  reply.header('cache-control', 'private, no-store').header('vary', 'Accept-Language, Cookie')
  return reply.redirect(query === undefined ? target : `${target}?${query}`, 302)
}

export async function showHome(request: FastifyRequest, reply: FastifyReply, locale: string): Promise<FastifyReply> {
  const visit = await openVisit(request, locale)
  const { name } = request.workspace
  const languages = visit.library.helpCenter.locales.map((other) => ({ locale: other, href: homePath(other) }))
  const translations = languages.map((other) => ({ locale: other.locale, path: other.href }))
  return page(request, reply, {
    title: visit.library.helpCenter.name,
    locale,
    languages,
    search: 'none',
    section: 'help',
    head: publicHead(request, { title: name, path: homePath(locale), locale, type: 'website', translations }),
    body: homeBody(request, visit),
  })
}

function homeBody(request: FastifyRequest, { shelf, locale, strings }: Visit): Html {
  const collections = shelf.collectionsIn(null)
  const loose = shelf.articlesIn(null)
  return html`<div class="hero"><div class="wrap"><h1>${strings.headline}</h1>${searchForm(locale, { size: 'large' })}</div></div>
<div class="wrap page stack">
<section class="stack"><h2>${strings.browse}</h2>
${collections.length + loose.length === 0 ? html`<p class="quiet-text">${strings.nothing_yet}</p>` : null}
${collectionCards(collections)}
${articleRows(loose)}</section>
${request.workspace.portal_on ? html`<section class="group"><a class="card ticket-card" href="/tickets">${icons.ticket}<span><strong>${strings.your_tickets}</strong><span class="quiet-text">${strings.your_tickets_text}</span></span>${icons.chevron}</a></section>` : null}
</div>`
}
