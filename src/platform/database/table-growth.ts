import type { Change } from './changes.ts'

const ENOUGH = 100

/**
 * PostgreSQL keeps the plan it made for a foreign key or a prepared statement while a table was empty, when any index looked as
 * good as the right one; each new session then walks through all contacts of the workspace. Once a table has grown it has to be
 * looked at; by itself the server does so within a minute or more.
 */
export class TableGrowth {
  #came = new Map<string, number>()
  #analyze: (table: string) => void

  constructor(analyze: (table: string) => void) {
    this.#analyze = analyze
  }

  note(changes: readonly Change[], rows: number): void {
    const table = changes.find((change) => change.startsWith('+'))?.slice(1)
    if (table === undefined) return
    const before = this.#came.get(table) ?? 0
    if (before >= ENOUGH) return
    this.#came.set(table, before + rows)
    if (before + rows >= ENOUGH) this.#analyze(table)
  }
}
