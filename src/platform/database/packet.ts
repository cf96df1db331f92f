import { sql, type CompiledQuery } from 'kysely'

const UNREAD = '/* answers nothing */'
const LAST = '/* and commit */'

/**
 * At the end of a statement of a transaction whose answer nobody reads: on PostgreSQL it travels with the next one. A lock, or
 * a write of which the next statement tells whether it came about.
 */
export const unread = sql.raw(UNREAD)

/**
 * At the end of a transaction's last statement, after which nothing may fail that should undo it: on PostgreSQL the commit travels
 * with it. Only where the transaction is nobody else's.
 */
export const last = sql.raw(LAST)

export function isUnread({ sql: text }: CompiledQuery): boolean {
  return text.endsWith(UNREAD)
}

export function isLast({ sql: text }: CompiledQuery): boolean {
  return text.endsWith(LAST)
}
