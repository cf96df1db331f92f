import sanitize from 'sanitize-html'
import { escape } from '#platform/html/html.ts'

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g

const OPTIONS: sanitize.IOptions = {
  allowedTags: ['p', 'br', 'a', 'b', 'strong', 'i', 'em', 'u', 's', 'ul', 'ol', 'li', 'code', 'pre', 'blockquote', 'h2', 'h3', 'h4'],
  allowedAttributes: { a: ['href', 'rel'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext', 'title', 'svg', 'math', 'template'],
  nestingLimit: 40,
  transformTags: { a: (tagName, attribs) => ({ tagName, attribs: { ...(attribs['href'] !== undefined && { href: attribs['href'] }), rel: 'noopener nofollow ugc' } }) },
}

/** A person's plain words as HTML: paragraphs, line breaks, links. */
export function textToHtml(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${linkAddresses(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** HTML from outside, by an allow-list on a spec-true parser; stable when applied again. */
export function sanitizeBody(html: string): string {
  return sanitize(html, OPTIONS)
}

export function htmlToText(html: string): string {
  const lines = html.replaceAll(/<br\s*\/?>/g, '\n').replaceAll(/<\/(p|li|h[1-6]|pre|blockquote)>/g, '\n')
  const text = sanitize(lines, { allowedTags: [], allowedAttributes: {} })
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&').trim()
}

function linkAddresses(text: string): string {
  let html = ''
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = escape(match[0])
    html += `${escape(text.slice(from, match.index))}<a href="${address}" rel="noopener nofollow ugc">${address}</a>`
    from = match.index + match[0].length
  }
  return html + escape(text.slice(from))
}
