import { hash } from 'node:crypto'
import sanitize from 'sanitize-html'
import { raw, type Html } from '#platform/html/html.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'

/** Only our headings carry an id, and with this prefix, so that no text can take the name of a page's own element. */
export const HEADING_PREFIX = 'h-'

const CODE_LANGUAGE = /^language-[\w+#.-]{1,40}$/

const OPTIONS: sanitize.IOptions = {
  allowedTags: [
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'p',
    'a',
    'ul',
    'ol',
    'li',
    'blockquote',
    'pre',
    'code',
    'kbd',
    'em',
    'strong',
    'b',
    'i',
    'u',
    's',
    'del',
    'sub',
    'sup',
    'br',
    'hr',
    'img',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height', 'loading'],
    ol: ['start'],
    code: ['class'],
    pre: ['tabindex'],
    th: ['align'],
    td: ['align'],
    h2: ['id'],
    h3: ['id'],
    h4: ['id'],
    h5: ['id'],
    h6: ['id'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'xmp',
    'iframe',
    'noembed',
    'noframes',
    'plaintext',
    'title',
    'svg',
    'math',
    'template',
  ],
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src'],
  nestingLimit: 60,
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: withoutUndefined({ href: attribs['href'], title: attribs['title'], rel: relOf(attribs['href']) }),
    }),
    img: (tagName, attribs) => ({ tagName, attribs: { ...attribs, loading: 'lazy' } }),
    pre: (tagName) => ({ tagName, attribs: { tabindex: '0' } }),
    code: (tagName, attribs) => ({
      tagName,
      attribs: withoutUndefined({ class: CODE_LANGUAGE.test(attribs['class'] ?? '') ? attribs['class'] : undefined }),
    }),
    h1: headingOf('h2'),
    h2: headingOf('h2'),
    h3: headingOf('h3'),
    h4: headingOf('h4'),
    h5: headingOf('h5'),
    h6: headingOf('h6'),
  },
}

/** Allow-list, on a spec-true parser; `sanitizeHtml(sanitizeHtml(x)) === sanitizeHtml(x)`. */
export function sanitizeHtml(dirty: string): string {
  return sanitize(dirty, OPTIONS)
}

const clean = boundedCache<string, Html>(500)

/** For stored HTML on its way out: sanitised again, once per process and version. */
export function sanitizedAgain(stored: string): Html {
  const key = hash('sha1', stored, 'base64')
  return clean.get(key) ?? clean.set(key, raw(sanitizeHtml(stored)))
}

function headingOf(tagName: string): sanitize.Transformer {
  return (_tag, attribs) => ({
    tagName,
    attribs: withoutUndefined({ id: attribs['id']?.startsWith(HEADING_PREFIX) ? attribs['id'] : undefined }),
  })
}

function relOf(href: string | undefined): string | undefined {
  return href && /^https?:/i.test(href) ? 'noopener' : undefined
}

function withoutUndefined(attribs: Record<string, string | undefined>): sanitize.Attributes {
  const kept: sanitize.Attributes = {}
  for (const [name, value] of Object.entries(attribs)) if (value !== undefined) kept[name] = value
  return kept
}
