import type { FastifyRequest } from 'fastify'
import { html, type Html } from '#platform/html/html.ts'

export interface Translated {
  locale: string
  path: string
}

/** For search engines and link previews; only for pages that everyone may read. */
export function publicHead(request: FastifyRequest, { title, description, path, locale, type, translations }: PublicPage): Html {
  const { origin } = request.supportHost
  const alternates = translations.length < 2 ? [] : translations
  return html`<link rel="canonical" href="${origin + path}">
${alternates.map(
  (alternate) => html`<link rel="alternate" hreflang="${alternate.locale}" href="${origin + alternate.path}">
`,
)}<meta property="og:type" content="${type}">
<meta property="og:title" content="${title}">
${
  description &&
  html`<meta property="og:description" content="${description}">
`
}<meta property="og:url" content="${origin + path}">
<meta property="og:site_name" content="${request.workspace.name}">
<meta property="og:locale" content="${locale.replace('-', '_')}">
<meta name="twitter:card" content="summary">
`
}

interface PublicPage {
  title: string
  description?: string
  path: string
  locale: string
  type: 'website' | 'article'
  translations: readonly Translated[]
}
