import type { FastifyRequest } from 'fastify'
import { openLibrary, type Library } from '#domain/articles/library.ts'
import { shelfFor, type Shelf } from '#domain/articles/shelf.ts'
import { loadReader, readingRole, VISITOR, type Reader } from '#domain/audiences/readers.ts'
import { Failure } from '#errors'
import { stringsOf, type Strings } from '#http/html/strings.ts'

/** One reader in one locale of the help center. */
export interface Visit {
  library: Library
  reader: Reader
  shelf: Shelf
  locale: string
  strings: Strings
}

export async function getLibrary(request: FastifyRequest): Promise<Library> {
  const library = await openLibrary(request.server.db, request.workspace)
  if (!library) throw new Failure('not_found')
  return library
}

export async function openVisit(request: FastifyRequest, locale: string): Promise<Visit> {
  const library = await getLibrary(request)
  if (!library.helpCenter.locales.includes(locale)) throw new Failure('not_found')
  const reader = await readerOf(request, library)
  return { library, reader, shelf: shelfFor(library, reader, locale), locale, strings: stringsOf(locale) }
}

/** What everyone may read: the only part that search engines hear of. */
export function publicShelf(library: Library, locale: string): Shelf {
  return shelfFor(library, VISITOR, locale)
}

/** `12-some-words` → 12 */
export function idOf(key: string): number {
  const digits = /^(\d{1,15})(?:-|$)/.exec(key)?.[1]
  if (digits === undefined) throw new Failure('not_found')
  return Number(digits)
}

async function readerOf(request: FastifyRequest, library: Library): Promise<Reader> {
  if (library.hasRules) return loadReader(request.server.db, request.workspace, request.session)
  return { ...VISITOR, role: readingRole(request.session) }
}
