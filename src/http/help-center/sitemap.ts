import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Library } from '#domain/articles/library.ts'
import { html, type Html } from '#platform/html/html.ts'
import { articlePath, collectionPath, homePath } from './addresses.ts'
import { getLibrary, publicShelf } from './visit.ts'

interface Entry {
  locale: string
  path: string
  changed?: string
}

/** Only what everyone may read; each page names its translations. */
export async function sendSitemap(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const library = await getLibrary(request)
  const { origin } = request.supportHost
  const pages = publicPages(library).flatMap((translations) => translations.map((entry) => urlOf(origin, entry, translations)))
  const xml = html`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${pages}</urlset>
`
  return reply.header('cache-control', 'private, no-cache').type('application/xml; charset=utf-8').send(xml.text)
}

export function sendRobots(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const lines = [
    'User-agent: *',
    'Disallow: /tickets',
    'Disallow: /login',
    'Disallow: /messenger',
    '',
    `Sitemap: ${request.supportHost.origin}/sitemap.xml`,
    '',
  ]
  return reply.header('cache-control', 'private, no-cache').type('text/plain; charset=utf-8').send(lines.join('\n'))
}

/** Pages as lists of their translations. */
function publicPages(library: Library): Entry[][] {
  const { locales } = library.helpCenter
  const shelves = locales.map((locale) => publicShelf(library, locale))
  const homes = locales.map((locale) => ({ locale, path: homePath(locale) }))
  const collections = [...library.collections.keys()].map((id) =>
    shelves.flatMap((shelf) => entryOf(shelf.collections.get(id), collectionPath)),
  )
  const articles = [...library.articles.keys()].map((id) =>
    shelves.flatMap((shelf) => {
      const article = shelf.articles.get(id)
      return article ? [{ locale: article.locale, path: articlePath(article), changed: new Date(article.updated_at).toISOString() }] : []
    }),
  )
  return [homes, ...collections, ...articles]
}

function entryOf<T extends { locale: string }>(thing: T | undefined, pathOf: (thing: T) => string): Entry[] {
  return thing ? [{ locale: thing.locale, path: pathOf(thing) }] : []
}

function urlOf(origin: string, { path, changed }: Entry, translations: readonly Entry[]): Html {
  const alternates = translations.length < 2 ? [] : translations
  return html`<url><loc>${origin + path}</loc>${changed && html`<lastmod>${changed}</lastmod>`}${alternates.map(
    (other) => html`<xhtml:link rel="alternate" hreflang="${other.locale}" href="${origin + other.path}"/>`,
  )}</url>
`
}
