import MarkdownIt, { type Token } from 'markdown-it'
import { HEADING_PREFIX, sanitizeHtml } from './sanitize.ts'

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })

export interface Heading {
  id: string
  level: 2 | 3
  text: string
}

/** CommonMark with tables and strike-through; HTML in it is shown as text. Sanitised. Every heading can be linked to. */
export function renderMarkdown(markdown: string): string {
  const tokens = parser.parse(markdown, {})
  const taken = new Map<string, number>()
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[index + 1]?.content ?? '', taken))
    if (token.type === 'th_open' || token.type === 'td_open') alignByAttribute(token)
    if (token.type === 'inline') pointToHeadings(token.children ?? [])
  }
  return sanitizeHtml(parser.renderer.render(tokens, parser.options, {}))
}

/** The h2 and h3 of sanitised HTML. */
export function listHeadings(sanitised: string): Heading[] {
  return Array.from(sanitised.matchAll(/<h([23]) id="([^"]*)">(.*?)<\/h\1>/gs), ([, level, id = '', inner = '']) => ({
    id,
    level: level === '3' ? 3 : 2,
    text: textOf(inner),
  }))
}

/** The words of sanitised HTML, one line for each paragraph, heading, list item or cell. */
export function plainText(sanitised: string): string {
  return textOf(sanitised.replace(/<\/(?:p|h\d|li|td|th|pre|blockquote)>|<br ?\/?>/g, '\n'))
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }

function textOf(sanitised: string): string {
  return sanitised.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_entity, name: string) => ENTITIES[name] ?? '')
}

function alignByAttribute(token: Token) {
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1]
  token.attrs = align ? [['align', align]] : null
}

function pointToHeadings(inline: readonly Token[]) {
  for (const token of inline) if (token.type === 'link_open') pointToHeading(token)
}

function pointToHeading(link: Token) {
  const href = String(link.attrGet('href') ?? '')
  if (href.startsWith('#') && href.length > 1) link.attrSet('href', `#${HEADING_PREFIX}${decoded(href.slice(1)).toLowerCase()}`)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** As GitHub makes them, so that links written for other sites keep working. */
function anchorOf(heading: string, taken: Map<string, number>): string {
  const plain = heading.replace(/`|\*|~~|\[([^\]]*)\]\([^)]*\)/g, '$1')
  const anchor =
    plain
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-') || 'section'
  const seen = taken.get(anchor) ?? 0
  taken.set(anchor, seen + 1)
  return HEADING_PREFIX + (seen === 0 ? anchor : `${anchor}-${seen}`)
}
