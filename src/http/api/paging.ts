import { z } from 'zod'
import { Failure } from '#errors'

export const LONGEST_PAGE = 150

const PerPage = z.coerce.number().int().min(1).max(LONGEST_PAGE)

export const PageQuery = z.object({
  per_page: PerPage.optional(),
  starting_after: z
    .string()
    .max(1000)
    .refine((text) => !text.includes('\0'))
    .optional(),
})
export const Pagination = z.object({ per_page: PerPage.optional(), starting_after: z.string().max(1000).nullish() }).nullish()

/** Where the next page begins: after this row, in this order. */
export interface Cursor {
  page: number
  sort_value: string | number
  id: string | number
}

export interface Paging {
  per_page: number
  after: Cursor | undefined
}

export interface Page {
  ids: (string | number)[]
  total: number
  next: Cursor | undefined
}

export function readPaging(
  { per_page, starting_after }: { per_page?: number | undefined; starting_after?: string | null | undefined },
  usual: number,
): Paging {
  return { per_page: per_page ?? usual, after: starting_after ? readCursor(starting_after) : undefined }
}

export function presentPages({ per_page, after }: Paging, { total, next }: Page) {
  return {
    ...{ type: 'pages', page: after?.page ?? 1, per_page, total_pages: Math.ceil(total / per_page) },
    next: next ? { page: next.page, per_page, starting_after: writeCursor(next) } : null,
  }
}

function writeCursor({ page, sort_value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([page, sort_value, id])).toString('base64url')
}

export function foreignCursor(): Failure {
  return new Failure('client_error', { field: 'starting_after', detail: 'The cursor is not one of this list.' })
}

const SortValue = z.union([z.string().max(1000), z.number().int()])
const WrittenCursor = z.tuple([z.number().int().min(2), SortValue, SortValue])

function readCursor(text: string): Cursor {
  const [page, sort_value, id] = WrittenCursor.safeParse(parseJson(Buffer.from(text, 'base64url').toString())).data ?? []
  if (page === undefined || sort_value === undefined || id === undefined) {
    throw foreignCursor()
  }
  return { page, sort_value, id }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
