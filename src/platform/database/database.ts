import { Kysely, type Dialect, type Driver, type Transaction } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { Change, TellHearing, WatchedDriver } from './changes.ts'
import { postgresDialect } from './postgres.ts'
import { sqliteDialect } from './sqlite.ts'
import { insideTransaction } from './transaction-guard.ts'

export type Db = Kysely<Schema>
export type DatabaseKind = 'sqlite' | 'postgres'

const drivers = new WeakMap<object, WatchedDriver>()

/** A `postgres://` address, or the path of a SQLite file (`:memory:` for none). */
export function openDatabase(address: string): Db {
  const dialect = databaseKind(address) === 'postgres' ? postgresDialect(address) : sqliteDialect(address)
  const driver: WatchedDriver = dialect.createDriver()
  const db: Db = new Kysely<Schema>({ dialect: { ...withDriver(dialect, driver) } })
  drivers.set(db, driver)
  return db
}

export function databaseKind(address: string): DatabaseKind {
  return /^postgres(ql)?:\/\//.test(address) ? 'postgres' : 'sqlite'
}

/**
 * Runs `body` in one transaction, joining the one `db` already is. Inside, use only the `db` handed in and await
 * nothing but the database.
 */
export async function atomically<T>(db: Db, body: (db: Transaction<Schema>) => Promise<T>): Promise<T> {
  if (isTransaction(db)) return body(db)
  const driver = drivers.get(db)
  return db.transaction().execute((transaction) => (driver ? insideTransaction(driver, () => body(transaction)) : body(transaction)))
}

/**
 * A number that is the same as long as none of these changes happened. What goes through this `db` is seen at once; what another
 * process writes after 0.1 s on SQLite, and on PostgreSQL when its notification comes, or after 1 s while none can be heard.
 * NaN inside a transaction, where nothing may be kept.
 */
export function versionOf(db: Db, changes: readonly Change[]): number {
  return drivers.get(db)?.version(changes) ?? Number.NaN
}

/** Says when other nodes cannot be heard any more, and when they can again. SQLite looks for itself. */
export function onHearing(db: Db, tell: TellHearing): void {
  drivers.get(db)?.onHearing?.(tell)
}

function isTransaction(db: Db): db is Transaction<Schema> {
  return db.isTransaction
}

function withDriver(dialect: Dialect, driver: Driver): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => driver,
  }
}
