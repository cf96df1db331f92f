import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ArticleId } from '#db/columns.ts'
import { readArticleBody } from '#domain/articles/article-body.ts'
import { openLibrary, type Library } from '#domain/articles/library.ts'
import { searchArticles } from '#domain/articles/search-articles.ts'
import { localesOf, shelfFor, type ArticleSummary } from '#domain/articles/shelf.ts'
import { loadReader, type Reader } from '#domain/audiences/readers.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { preferredLocale } from '#http/html/strings.ts'
import type { ArticleAnswer, ArticlesAnswer, WireArticleSummary } from '#shared/messenger.ts'

const SUGGESTED = 6
const FOUND = 10
const Language = z.object({ locale: z.string().max(35).optional() })
const Search = Language.extend({ q: z.string().max(200) })
const One = z.object({ id: z.string().regex(/^\d{1,15}$/) })

/** Help inside the Messenger, under the same audience policy as the pages. */
export async function messengerArticleRoutes(app: App) {
  app.get('/messenger/articles', { schema: { querystring: Language } }, async (request, reply): Promise<ArticlesAnswer> => {
    reply.header('cache-control', 'private, no-store')
    const { library, reader, locale } = await openHelp(request, request.query.locale)
    const suggested = [...shelfFor(library, reader, locale).articles.values()].slice(0, SUGGESTED)
    return { articles: suggested.map((article) => presentSummary(request, article)) }
  })

  app.get('/messenger/articles/search', { schema: { querystring: Search } }, async (request, reply): Promise<ArticlesAnswer> => {
    reply.header('cache-control', 'private, no-store')
    const { library, reader, locale } = await openHelp(request, request.query.locale)
    const hits = await searchArticles(app.db, library, shelfFor(library, reader, locale), { q: request.query.q, limit: FOUND })
    return { articles: hits.map(({ article }) => presentSummary(request, article)) }
  })

  app.get('/messenger/articles/:id', { schema: { params: One, querystring: Language } }, async (request, reply): Promise<ArticleAnswer> => {
    reply.header('cache-control', 'private, no-store')
    const { library, reader, locale: wanted } = await openHelp(request, request.query.locale)
    const id = Number(request.params.id) as ArticleId
    const locales = localesOf(library, reader, id)
    const locale = locales.includes(wanted) ? wanted : locales[0]
    const article = locale === undefined ? undefined : shelfFor(library, reader, locale).articles.get(id)
    const body = article && (await readArticleBody(app.db, library, article))
    if (!article || !body) throw new Failure('not_found')
    return { article: { ...presentSummary(request, article), html: body.html.text, locale: article.locale } }
  })
}

async function openHelp(
  request: FastifyRequest,
  wanted: string | undefined,
): Promise<{ library: Library; reader: Reader; locale: string }> {
  const { db } = request.server
  const library = await openLibrary(db, request.workspace)
  if (!library) throw new Failure('not_found')
  const reader = await loadReader(db, request.workspace, request.session)
  const { default_locale, locales } = library.helpCenter
  return { library, reader, locale: preferredLocale(wanted ?? request.headers['accept-language'], [default_locale, ...locales]) }
}

function presentSummary(request: FastifyRequest, { id, locale, title, description, slug }: ArticleSummary): WireArticleSummary {
  const key = slug === '' ? String(id) : `${id}-${encodeURIComponent(slug)}`
  return { id: String(id), title, description, url: `${request.supportHost.origin}/${locale}/articles/${key}` }
}
