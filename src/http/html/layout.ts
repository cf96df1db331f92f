import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Contact } from '#domain/contacts/contacts.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { html, type Html } from '#platform/html/html.ts'
import { icons } from './icons.ts'
import { sendPage } from './send-page.ts'
import { directionOf, INTERFACE_LOCALES, languageName, preferredLocale, stringsOf, type Strings } from './strings.ts'
import { stylesheetIn } from './stylesheet.ts'
import { hasWayIn } from './ways-in.ts'

export interface Page {
  title: string
  locale: string
  dir?: 'ltr' | 'rtl'
  body: Html
  description?: string
  /** More elements for the document's head. */
  head?: Html
  noindex?: boolean
  /** The same page in the languages it exists in; shown as a menu. */
  languages?: readonly { locale: string; href: string }[]
  /** `none` where the page has a search field of its own. */
  search?: 'header' | 'none'
  section?: 'help' | 'tickets' | 'login'
  /** False where nobody wants to return to once they have signed in: a refusal, a mistyped address. */
  comesBack?: boolean
}

/** Pages of the sign-in that a person may want to see again. */
const STAYS = /^\/login\/(?:status|sessions|to\/)/

interface Frame {
  request: FastifyRequest
  page: Page
  strings: Strings
}

/** Sends a whole HTML document. Set another status on the reply before. Caching headers follow from who is asking. */
export function page(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  return sendPage(request, reply, { bytes: bytesFor(request, finish(request, page)) })
}

/** A page on which only the menu in its header depends on who is asking. */
export interface FinishedPage extends Personal {
  before: Buffer
  after: Buffer
}

/** What the menu needs to know of its page. */
interface Personal {
  strings: Strings
  comesBack: boolean | undefined
}

export function finish(request: FastifyRequest, page: Page): FinishedPage {
  const strings = stringsOf(page.locale)
  const [before = '', ...after] = documentOf({ request, page, strings }).text.split(PERSON.text)
  return { before: Buffer.from(before), after: Buffer.from(after.join(PERSON.text)), strings, comesBack: page.comesBack }
}

export function bytesFor(request: FastifyRequest, finished: FinishedPage): Buffer {
  const { before, after } = finished
  const person = personMenu(request, finished)
  return Buffer.concat(person ? [before, Buffer.from(person.text), after] : [before, after])
}

/** Stands where the menu goes. Nobody else's text can hold it: values are escaped, and the sanitiser drops comments. */
const PERSON = html`<!--person-->`

/** A page that says one thing: an error, a question, "sign in first". Never indexed, never stored. */
export function messagePage(
  request: FastifyRequest,
  reply: FastifyReply,
  message: { status: number; title: string; body: Html; locale?: string },
): FastifyReply {
  const { title, locale = requestLocale(request) } = message
  const body = html`<div class="message-page"><h1>${title}</h1>
${message.body}</div>`
  const comesBack = message.status < 400 || message.status === 401
  return page(request, reply.status(message.status).header('cache-control', 'private, no-store'), {
    title,
    locale,
    body,
    noindex: true,
    comesBack,
  })
}

/** The interface language for a page without a locale of its own: the address's first segment, else the browser's. */
export function requestLocale(request: FastifyRequest): string {
  const segment = request.url.split(/[/?]/, 2)[1] ?? ''
  return INTERFACE_LOCALES.includes(segment) ? segment : preferredLocale(request.headers['accept-language'], INTERFACE_LOCALES)
}

/** Where "the start page" is. A site behind door 8 passes nothing of ours on but `/login`, and its own start page is at `/`. */
export function homeOf(request: FastifyRequest, locale: string): string {
  return isOnSomebodysSite(request) ? '/' : `/${locale}`
}

/** A sign-in page on a host that is not the primary one: that host may be any site, with none of our other pages. */
function isOnSomebodysSite({ url, supportHost }: FastifyRequest): boolean {
  return supportHost?.is_primary === 0 && url.startsWith('/login')
}

/** Where "Sign in" leads; comes back to `path`. */
export function signInPath(path: string): string {
  return `/login?return_to=${encodeURIComponent(path)}`
}

/** What a signed-in person is called in the header. */
export function personName(contact: Contact): string {
  return contact.name ?? contact.email ?? contact.external_id ?? contact.id
}

function documentOf(frame: Frame): Html {
  const { page, request, strings } = frame
  const workspace: Workspace | undefined = request.workspace
  const site = workspace?.name ?? ''
  const fullTitle = page.title.includes(site) ? page.title : `${page.title} · ${site}`
  return html`<!doctype html>
<html lang="${page.locale}" dir="${page.dir ?? directionOf(page.locale)}">
<head>
<meta charset="utf-8">
<title>${fullTitle}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${
  page.description &&
  html`<meta name="description" content="${page.description}">
`
}${
    page.noindex &&
    html`<meta name="robots" content="noindex">
`
  }${stylesheetIn(workspace?.action_color).element}
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${page.head}</head>
<body>
<a class="skip" href="#main">${strings.skip}</a>
${workspace && siteHeader(frame, workspace)}
<main id="main" tabindex="-1">${page.body}</main>
<footer class="site-footer"><div class="wrap"><span>${site}</span></div></footer>
</body>
</html>
`
}

function siteHeader(frame: Frame, workspace: Workspace): Html {
  const { request, page } = frame
  const brand = html`<a class="brand" href="${homeOf(request, page.locale)}"><span class="brand-mark" aria-hidden="true">${[...workspace.name][0]}</span><span class="brand-name">${workspace.name}</span></a>`
  return html`<header class="site-header"><div class="wrap">
${brand}
${isOnSomebodysSite(request) ? null : siteNavigation(frame, workspace)}
${languageMenu(frame)}
${PERSON}
</div></header>`
}

function siteNavigation({ page, strings }: Frame, workspace: Workspace): Html {
  const current = (section: Page['section']) => (page.section === section ? html` aria-current="true"` : null)
  return html`${page.search !== 'none' && searchForm(page.locale, { size: 'small' })}
<nav class="site-nav" aria-label="${strings.site}">
<a href="/${page.locale}"${current('help')}>${strings.help}</a>
${workspace.portal_on ? html`<a href="/tickets"${current('tickets')}>${strings.tickets}</a>` : null}
</nav>
${page.search !== 'none' && html`<a class="search-link" href="/${page.locale}/search" aria-label="${strings.search}">${icons.search}</a>`}`
}

export function searchForm(locale: string, { size, q = '' }: { size: 'small' | 'large'; q?: string }): Html {
  const strings = stringsOf(locale)
  return html`<form class="search ${size}" role="search" action="/${locale}/search" method="get">${icons.search}<input type="search" name="q" value="${q}" placeholder="${strings.search_placeholder}" aria-label="${strings.search}" autocomplete="off" maxlength="200" required>${size === 'large' ? html`<button class="button">${strings.search}</button>` : null}</form>`
}

function languageMenu({ page, strings }: Frame): Html | null {
  const languages = page.languages ?? []
  if (languages.length < 2) return null
  return html`<details class="menu"><summary aria-label="${strings.language}: ${languageName(page.locale)}">${icons.globe}<span class="wide">${languageName(page.locale)}</span></summary>
<ul class="menu-body">${languages.map(
    ({ locale, href }) =>
      html`<li><a href="${href}" lang="${locale}" hreflang="${locale}" dir="${directionOf(locale)}"${locale === page.locale ? html` aria-current="true"` : null}>${languageName(locale)}</a></li>`,
  )}</ul></details>`
}

function personMenu(request: FastifyRequest, { comesBack, strings }: Personal): Html | null {
  const { session } = request
  if (session && isVouchedFor(session) && session.contact) return signedInMenu(session.contact, strings)
  if (!hasWayIn(request)) return null
  const path = comesBack === false ? '/' : comeBackTo(request)
  return html`<a class="button quiet sign-in" href="${signInPath(path)}" rel="nofollow">${strings.sign_in}</a>`
}

/** The page itself; from a page of the sign-in to where that was to lead, and never to where a token or a code stood in the address. */
function comeBackTo({ method, url, query, routeOptions }: FastifyRequest): string {
  const isOfSignIn = url.startsWith('/login') && !STAYS.test(url)
  if (method === 'GET' && routeOptions.config.takesToken !== true && !isOfSignIn) return url
  const wanted = query !== null && typeof query === 'object' && 'return_to' in query ? query.return_to : undefined
  return typeof wanted === 'string' ? wanted : '/'
}

function signedInMenu(contact: Contact, strings: Strings): Html {
  const name = personName(contact)
  return html`<details class="menu person"><summary aria-label="${strings.signed_in_as} ${name}">${icons.person}<span class="wide"><bdi>${name}</bdi></span></summary>
<div class="menu-body"><p class="quiet-text">${strings.signed_in_as}</p><p class="person-name"><bdi>${name}</bdi></p>${
    contact.email && contact.email !== name ? html`<p class="quiet-text"><bdi>${contact.email}</bdi></p>` : null
  }
<p class="person-link"><a href="/login/sessions">${strings.your_devices}</a></p>
<form method="post" action="/login/logout"><span class="quiet-text">${strings.not_you}</span> <button class="button quiet">${strings.sign_out}</button></form></div></details>`
}
