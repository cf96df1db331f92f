import sanitize from 'sanitize-html'
import { escape } from '#platform/html/html.ts'
import { sanitizeHtml } from '#platform/markdown/sanitize.ts'

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g

/** A person's plain words as HTML: paragraphs, line breaks, links. */
export function textToHtml(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${linkAddresses(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** HTML from outside, through the one allow-list that articles pass too. */
export function sanitizeBody(html: string): string {
  return sanitizeHtml(html)
}

export function htmlToText(html: string): string {
  const lines = html.replaceAll(/<br\s*\/?>/g, '\n').replaceAll(/<\/(p|li|h[1-6]|pre|blockquote)>/g, '\n')
  const text = sanitize(lines, { allowedTags: [], allowedAttributes: {} })
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim()
}

function linkAddresses(text: string): string {
  let html = ''
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = escape(match[0])
    html += `${escape(text.slice(from, match.index))}<a href="${address}" rel="noopener">${address}</a>`
    from = match.index + match[0].length
  }
  return html + escape(text.slice(from))
}
