import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'
import { isTold, type Change } from './changes.ts'
import { versionOf, type Db } from './database.ts'

/** What was read, kept in this process until one of the changes happens that it depends on. */
export interface Kept<K, V> {
  /** What was kept under this key and still holds. */
  find(db: Db, key: K): V | undefined
  /** To be asked before what is kept is read: what changes meanwhile makes it old at once. */
  version(db: Db): number
  keep(db: Db, key: K, value: V, version: number): void
  /** What `read` answers now; kept unless it is undefined, or read inside a transaction. */
  readAnew<R extends V | undefined>(db: Db, key: K, read: () => Promise<R>): Promise<R>
  /** Either. */
  read(db: Db, key: K, read: () => Promise<V>): Promise<V>
}

/** Keeps the `limit` values that were used last. `versionOf` says how soon a change is seen. */
export function keepUntil<K, V>(changes: readonly Change[], limit: number): Kept<K, V> {
  const untold = changes.find((change) => !isTold(change))
  if (untold !== undefined) throw new Error(`Other nodes are not told of ${untold}, so nothing may be kept until then.`)
  const byDatabase = new WeakMap<object, BoundedCache<K, { version: number; value: V }>>()
  const find = (db: Db, key: K) => {
    const entry = byDatabase.get(db)?.get(key)
    return entry && entry.version === versionOf(db, changes) ? entry.value : undefined
  }
  const version = (db: Db) => versionOf(db, changes)
  const keep = (db: Db, key: K, value: V, readAt: number) => {
    if (Number.isNaN(readAt)) return
    const entries = byDatabase.get(db) ?? boundedCache(limit)
    byDatabase.set(db, entries)
    entries.set(key, { version: readAt, value })
  }
  const readAnew = async <R extends V | undefined>(db: Db, key: K, read: () => Promise<R>) => {
    const readAt = version(db)
    const value = await read()
    if (value !== undefined) keep(db, key, value, readAt)
    return value
  }
  const read = async (db: Db, key: K, read: () => Promise<V>) => {
    const known = find(db, key)
    return known === undefined ? readAnew(db, key, read) : known
  }
  return { find, version, keep, readAnew, read }
}
