import type { Compilable, CompiledQuery, RootOperationNode } from 'kysely'
import type { Db } from './database.ts'

class Place {
  name: string
  constructor(name: string) {
    this.name = name
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
  const compiled = new WeakMap<object, CompiledQuery<Row>>()
  return async (db, values) => {
    const { adapter } = db.getExecutor()
    let query = compiled.get(adapter)
    if (!query) {
      // A name stands where the type promises its value: only Kysely sees it, and keeps it as it is.
      const places = new Proxy({}, { get: (_target, name) => new Place(String(name)) }) as Values
      query = build(db, places).compile()
      compiled.set(adapter, query)
      names.set(query.query, `latchkey_${++count}`)
    }
    const parameters = query.parameters.map((value) => (value instanceof Place ? values[value.name as keyof Values] : value))
    const { rows } = await db.executeQuery<Row>({ ...query, parameters })
    return rows
  }
}

/** The columns of a row by name, also of a row whose values are still to come. */
export function pick<Row extends object, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  // Object.fromEntries forgets the names.
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>
}
