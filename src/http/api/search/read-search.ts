import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { Failure } from '#errors'
import { Pagination } from '#http/api/paging.ts'

export const SearchBody = z.object({
  query: z.record(z.string(), z.unknown()),
  pagination: Pagination,
  sort: z.object({ field: z.string().max(100), order: z.enum(['ascending', 'descending']).default('descending') }).nullish(),
})

export interface Sort {
  sort: RawBuilder<unknown>
  kind: 'text' | 'number'
}

type Sorts = ReadonlyMap<string, Sort>

export function readSort(sort: z.infer<typeof SearchBody>['sort'], sorts: Sorts, usual: string): Sort & { direction: 'asc' | 'desc' } {
  const column = sorts.get(sort?.field ?? usual)
  if (!column) throw new Failure('parameter_invalid', { field: 'sort', detail: `Sort by one of ${[...sorts.keys()].join(', ')}.` })
  return { ...column, direction: sort?.order === 'ascending' ? 'asc' : 'desc' }
}
