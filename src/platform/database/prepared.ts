import { sql, type Compilable, type CompiledQuery, type RootOperationNode } from 'kysely'
import type { Db } from './database.ts'

/** Where a value of a row comes in a statement that is compiled before there are any. */
class Place {
  row: number
  name: string
  constructor(row: number, name: string) {
    this.row = row
    this.name = name
  }

  of(rows: readonly object[]): unknown {
    return rows[this.row]?.[this.name as never]
  }
}

const names = new WeakMap<RootOperationNode, string>()
let count = 0

/** By what name PostgreSQL may know a prepared query, so that it parses and plans it once a connection. */
export function preparedName({ query }: CompiledQuery): string | undefined {
  return names.get(query)
}

/**
 * A query that is built and compiled once and asked often: building one costs more than SQLite needs to answer it.
 * `build` gets the names of its values where another query has the values.
 */
export function prepared<Values extends object, Row>(
  build: (db: Db, values: Values) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  const ask = compiledOnce<Row>((db) => build(db, placesOf(0) as Values))
  return (db, values) => ask(db, [values])
}

/** How many rows one statement has: few sizes, so that each is soon compiled, and none so big that others wait for it. */
const SIZES = [25, 5, 1]

/** The same for an insert of any number of rows; call it in a transaction where all or none are to come. */
export function preparedRows<Row extends object>(
  build: (db: Db, rows: Row[]) => Compilable,
): (db: Db, rows: readonly Row[]) => Promise<void> {
  const statements = SIZES.map((size) => ({
    size,
    insert: compiledOnce((db) =>
      build(
        db,
        Array.from({ length: size }, (_, row) => placesOf(row) as Row),
      ),
    ),
  }))
  return async (db, rows) => {
    let from = 0
    for (const { size, insert } of statements) {
      for (; rows.length - from >= size; from += size) await insert(db, rows.slice(from, from + size))
    }
  }
}

function compiledOnce<Row>(build: (db: Db) => Compilable<Row>): (db: Db, rows: readonly object[]) => Promise<Row[]> {
  const compiled = new WeakMap<object, CompiledQuery<Row>>()
  return async (db, rows) => {
    const { adapter } = db.getExecutor()
    let query = compiled.get(adapter)
    if (!query) {
      query = build(db).compile()
      compiled.set(adapter, query)
      names.set(query.query, `latchkey_${++count}`)
    }
    const parameters = query.parameters.map((value) => (value instanceof Place ? value.of(rows) : value))
    const { rows: answered } = await db.executeQuery<Row>({ ...query, parameters })
    return answered
  }
}

/** A name stands where the type promises its value: only Kysely sees it, and keeps it as it is. */
function placesOf(row: number): object {
  return new Proxy({}, { get: (_target, name) => new Place(row, String(name)) })
}

/** The columns of a row by name, also of a row whose values are still to come. */
export function pick<Row extends object, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  // Object.fromEntries forgets the names.
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>
}

/** The same columns for an `insert … select`, each with its type: PostgreSQL would take a bare value there for text. */
export function typed<Row extends object, Name extends keyof Row & string>(row: Row, names: readonly Name[], numbers: ReadonlySet<string>) {
  return names.map((name) => sql<Row[Name]>`cast(${row[name]} as ${sql.raw(numbers.has(name) ? 'bigint' : 'text')})`.as(name))
}
