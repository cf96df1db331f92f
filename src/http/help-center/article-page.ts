import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ArticleId } from '#db/columns.ts'
import { readArticleBody, type ArticleBody } from '#domain/articles/article-body.ts'
import { isBehindSignIn, localesOf, shelfFor, type ArticleSummary } from '#domain/articles/shelf.ts'
import { Failure } from '#errors'
import { finish, messagePage } from '#http/html/layout.ts'
import { fill, languageName, longDate } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { articlePath, redirectToOwnAddress } from './addresses.ts'
import { publicHead } from './head.ts'
import { articleRows, breadcrumbs } from './lists.ts'
import { findShown, keepShown, sendShown } from './shown-pages.ts'
import { askToSignIn } from './sign-in-page.ts'
import { idOf, openVisit, publicShelf, type Visit } from './visit.ts'

const RELATED = 4

export async function showArticle(
  request: FastifyRequest,
  reply: FastifyReply,
  { locale, key }: { locale: string; key: string },
): Promise<FastifyReply> {
  const visit = await openVisit(request, locale)
  const shown = findShown(request, visit.shelf)
  if (shown) return sendShown(request, reply, shown)
  const id = idOf(key) as ArticleId
  const article = visit.shelf.articles.get(id)
  if (!article) return refuse(request, reply, { visit, id })
  const path = articlePath(article)
  const moved = redirectToOwnAddress(request, reply, path)
  if (moved) return moved
  const body = await readArticleBody(request.server.db, visit.library, article)
  if (!body) throw new Failure('not_found')
  const { title, description } = article
  const translations = translationsOf(visit, id)
  const isPublic = publicShelf(visit.library, locale).articles.has(id)
  const finished = finish(request, {
    title,
    locale,
    description,
    noindex: !isPublic,
    section: 'help',
    languages: translations.map((other) => ({ locale: other.locale, href: other.path })),
    head: isPublic ? publicHead(request, { title, description, path, locale, type: 'article', translations }) : html``,
    body: articleBody(visit, article, body),
  })
  return sendShown(request, reply, keepShown(request, visit.shelf, finished))
}

/** Signed out: sign in first. Another language: here it is. Not meant for this reader, or not there: the same answer. */
async function refuse(request: FastifyRequest, reply: FastifyReply, { visit, id }: { visit: Visit; id: ArticleId }): Promise<FastifyReply> {
  const translations = translationsOf(visit, id)
  if (translations.length > 0) return offerTranslations(request, reply, { visit, translations })
  if (visit.reader.role !== 'user' && isBehindSignIn(visit.library, id)) return askToSignIn(request, reply, visit)
  throw new Failure('not_found')
}

function offerTranslations(
  request: FastifyRequest,
  reply: FastifyReply,
  { visit, translations }: { visit: Visit; translations: readonly { locale: string; path: string }[] },
): FastifyReply {
  const { strings, locale } = visit
  const body = html`<p>${strings.read_in}</p>
<ul>${translations.map((other) => html`<li><a href="${other.path}" lang="${other.locale}" hreflang="${other.locale}">${languageName(other.locale)}</a></li>`)}</ul>`
  return messagePage(request, reply, { status: 404, locale, title: fill(strings.only_in, { language: languageName(locale) }), body })
}

function articleBody({ shelf, strings, locale }: Visit, article: ArticleSummary, { html: text, headings }: ArticleBody): Html {
  const collection = article.collection_id === null ? undefined : shelf.collections.get(article.collection_id)
  const date = longDate(locale, article.updated_at)
  return html`<div class="wrap page">${breadcrumbs(shelf, { to: collection, strings })}
<div class="split"><article class="narrow"><header class="article-head"><h1>${article.title}</h1>
${article.description && html`<p class="lead">${article.description}</p>`}
<p class="quiet-text"><time datetime="${new Date(article.updated_at).toISOString()}">${fill(strings.updated, { date })}</time></p></header>
<div class="prose">${text}</div>
${relatedArticles(shelf.articlesIn(article.collection_id), article, strings.related)}</article>
${headings.length > 1 ? tableOfContents(headings, strings.on_this_page) : null}</div></div>`
}

function tableOfContents(headings: ArticleBody['headings'], label: string): Html {
  return html`<nav class="toc" aria-labelledby="toc"><p class="eyebrow" id="toc">${label}</p><ul>${headings.map(
    ({ id, level, text }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
  )}</ul></nav>`
}

function relatedArticles(siblings: readonly ArticleSummary[], article: ArticleSummary, label: string): Html | null {
  const at = siblings.indexOf(article)
  const next = [...siblings.slice(at + 1), ...siblings.slice(0, at)].slice(0, RELATED)
  if (next.length === 0) return null
  return html`<aside class="related" aria-labelledby="related"><h2 id="related">${label}</h2>${articleRows(next)}</aside>`
}

function translationsOf({ library, reader }: Visit, id: ArticleId) {
  return localesOf(library, reader, id).flatMap((locale) => {
    const article = shelfFor(library, reader, locale).articles.get(id)
    return article ? [{ locale, path: articlePath(article) }] : []
  })
}
