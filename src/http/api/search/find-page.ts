import { sql, type RawBuilder } from 'kysely'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { foreignCursor, type Page, type Paging } from '#http/api/paging.ts'

export interface PageOf {
  table: 'contacts' | 'conversations' | 'tickets'
  condition: RawBuilder<unknown>
  /** Never null, so that the next page can begin after a value. */
  sort: RawBuilder<unknown>
  direction: 'asc' | 'desc'
  /** What the sort's values are. */
  kind: 'text' | 'number'
}

interface Row {
  id: string | number
  sort_value: string | number
}

/** One page of ids by keyset: rows that come or go meanwhile neither repeat nor hide others. */
export async function findPage(
  db: Db,
  workspace: Workspace,
  { table, condition, sort, direction, kind }: PageOf,
  { per_page, after }: Paging,
): Promise<Page> {
  if (after && (typeof after.sort_value === 'string') !== (kind === 'text')) throw foreignCursor()
  if (after && (typeof after.id === 'string') !== (table === 'contacts')) throw foreignCursor()
  const from = sql.table(table)
  const id = sql.ref(`${table}.id`)
  const matching = sql`${sql.ref(`${table}.workspace_id`)} = ${workspace.id} and ${condition}`
  const beyond = direction === 'asc' ? sql`>` : sql`<`
  const start = after
    ? sql`and (${sort} ${beyond} ${after.sort_value} or (${sort} = ${after.sort_value} and ${id} ${beyond} ${after.id}))`
    : sql``
  const order = sql.raw(direction)
  const counted = await sql<{ total: number | string }>`select count(*) as total from ${from} where ${matching}`.execute(db)
  const { rows } = await sql<Row>`
    select ${id} as id, ${sort} as sort_value from ${from} where ${matching} ${start}
    order by sort_value ${order}, id ${order} limit ${per_page + 1}`.execute(db)
  const page = rows.slice(0, per_page)
  const last = page.at(-1)
  return {
    ids: page.map((row) => row.id),
    total: Number(counted.rows[0]?.total ?? 0),
    next: rows.length > per_page && last ? { page: (after?.page ?? 1) + 1, sort_value: last.sort_value, id: last.id } : undefined,
  }
}
