import { z } from 'zod'
import type { App } from '#http/app-types.ts'
import { faviconRoutes } from '#http/html/stylesheet.ts'
import { showArticle } from './article-page.ts'
import { showCollection } from './collection-page.ts'
import { sendToLocale, showHome } from './home-page.ts'
import { showSearch } from './search-page.ts'
import { sendRobots, sendSitemap } from './sitemap.ts'

const config = { page: true }
const Place = z.object({ locale: z.string() })
// A wildcard, because a percent-encoded slug may be longer than a named parameter is allowed to be.
const Keyed = Place.extend({ '*': z.string() })
const Query = z.object({ q: z.string().catch('') })

export async function helpCenterRoutes(app: App) {
  await app.register(faviconRoutes)
  app.get('/', { config }, sendToLocale)
  app.get('/search', { config }, sendToLocale)
  app.get('/robots.txt', { config }, sendRobots)
  app.get('/sitemap.xml', { config }, sendSitemap)
  app.get('/:locale', { config, schema: { params: Place } }, (request, reply) => showHome(request, reply, request.params.locale))
  app.get('/:locale/search', { config, schema: { params: Place, querystring: Query } }, (request, reply) =>
    showSearch(request, reply, { locale: request.params.locale, q: request.query.q }),
  )
  app.get('/:locale/collections/*', { config, schema: { params: Keyed } }, (request, reply) =>
    showCollection(request, reply, { locale: request.params.locale, key: request.params['*'] }),
  )
  app.get('/:locale/articles/*', { config, schema: { params: Keyed } }, (request, reply) =>
    showArticle(request, reply, { locale: request.params.locale, key: request.params['*'] }),
  )
}
