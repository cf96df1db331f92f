import { Kysely, type Dialect, type Driver, type Transaction } from 'kysely'
import type { Schema } from '#db/schema.ts'
import { postgresDialect } from './postgres.ts'
import { sqliteDialect } from './sqlite.ts'
import { insideTransaction } from './transaction-guard.ts'

export type Db = Kysely<Schema>
export type DatabaseKind = 'sqlite' | 'postgres'

const drivers = new WeakMap<object, Driver>()

/** A `postgres://` address, or the path of a SQLite file (`:memory:` for none). */
export function openDatabase(address: string): Db {
  const dialect = databaseKind(address) === 'postgres' ? postgresDialect(address) : sqliteDialect(address)
  const driver = dialect.createDriver()
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
