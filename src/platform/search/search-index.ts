import MiniSearch from 'minisearch'
import { html, type Html } from '#platform/html/html.ts'
import { fold, isDense, wordsOf } from './words.ts'

export interface SearchDocument {
  id: number
  title: string
  description: string
  /** Plain text, one line a paragraph. */
  text: string
}

export interface SearchHit {
  id: number
  title: Html
  excerpt: Html
}

export interface SearchIndex {
  search(query: string, options: { allows: (id: number) => boolean; limit: number }): SearchHit[]
}

const EXCERPT = 180

/** In memory, for one language. Built in small steps, so that others are served meanwhile. */
export async function buildSearchIndex(documents: readonly SearchDocument[], locale: string): Promise<SearchIndex> {
  const byId = new Map(documents.map((document) => [document.id, document]))
  const index = new MiniSearch<SearchDocument>({
    fields: ['title', 'description', 'text'],
    tokenize: (text) => wordsOf(text, locale).map((word) => word.term),
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 5, description: 2 },
      prefix: (term) => term.length > 1 || isDense(term),
      fuzzy: (term) => (term.length > 3 && !isDense(term) ? 0.2 : false),
      maxFuzzy: 2,
      weights: { fuzzy: 0.3, prefix: 0.6 },
    },
  })
  await index.addAllAsync(documents, { chunkSize: 4 })
  return {
    search(query, { allows, limit }) {
      const filter = ({ id }: { id: number }) => allows(id)
      const all = index.search(query, { combineWith: 'AND', filter })
      const found = all.length > 0 ? all : index.search(query, { combineWith: 'OR', filter })
      return found.slice(0, limit).flatMap(({ id, terms }) => {
        const document = byId.get(Number(id))
        return document ? [presentHit(document, new Set(terms), locale)] : []
      })
    },
  }
}

function presentHit(document: SearchDocument, terms: ReadonlySet<string>, locale: string): SearchHit {
  const inDescription = wordsOf(document.description, locale).some((word) => terms.has(word.term))
  const paragraph = inDescription ? undefined : document.text.split('\n').find((line) => mentions(line, terms))
  const source = paragraph ?? document.description
  return {
    id: document.id,
    title: highlight(document.title, terms, locale),
    excerpt: highlight(excerptOf(source, terms, locale), terms, locale),
  }
}

function mentions(line: string, terms: ReadonlySet<string>): boolean {
  const folded = fold(line)
  for (const term of terms) if (folded.includes(term)) return true
  return false
}

function excerptOf(paragraph: string, terms: ReadonlySet<string>, locale: string): string {
  if (paragraph.length <= EXCERPT) return paragraph
  const words = wordsOf(paragraph.slice(0, 4000), locale)
  const hit = words.findIndex((word) => terms.has(word.term))
  const from = words[Math.max(0, hit - 8)]?.start ?? 0
  const until = words.findLast((word) => word.end <= from + EXCERPT)?.end ?? EXCERPT
  return `${from > 0 ? '…' : ''}${paragraph.slice(from, until)}${until < paragraph.length ? '…' : ''}`
}

/** Escaped text with the words that matched in `<mark>`. */
function highlight(text: string, terms: ReadonlySet<string>, locale: string): Html {
  const pieces: (Html | string)[] = []
  let at = 0
  for (const word of wordsOf(text, locale)) {
    if (!terms.has(word.term)) continue
    pieces.push(text.slice(at, word.start), html`<mark>${text.slice(word.start, word.end)}</mark>`)
    at = word.end
  }
  pieces.push(text.slice(at))
  return html`${pieces}`
}
