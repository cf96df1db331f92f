import type { CompiledQuery, Dialect, Driver, OperationNode, QueryResult, RootOperationNode } from 'kysely'
import { sql, AliasNode, DeleteQueryNode, InsertQueryNode, TableNode, UpdateQueryNode } from 'kysely'

/** `sessions`: rows were changed or deleted; `+sessions`: rows came to it. */
export type Change = string

const EVERYTHING: readonly Change[] = ['*']
const UNNOTICED = '/* changes no answer */'

/** At the end of a write that nobody who kept what they read needs to hear of, such as "last seen at": `.modifyEnd(unnoticed)`. */
export const unnoticed = sql.raw(UNNOTICED)

const LOSABLE = '/* may be lost */'

/** At the end of a write whose last second may be lost with the machine, so that nobody waits for the disk: `.modifyEnd(losable)`. */
export const losable = sql.raw(LOSABLE)

export function isLosable({ sql: text }: CompiledQuery): boolean {
  return text.includes(LOSABLE)
}

/**
 * What comes so often, or is kept by nobody, that it is told to no other node. Whoever starts to keep something until one of these
 * is refused by `keepUntil`; it is told by taking it from this list.
 */
const UNTOLD: ReadonlySet<Change> = new Set([
  ...['+sessions', '+contacts', '+contact_identities', 'signing_keys', '+signing_keys'],
  ...['+login_log', 'login_log', '+probes', 'probes', '+sightings', 'sightings', '+tracked_events', 'tracked_events'],
])

export function isTold(change: Change): boolean {
  return !UNTOLD.has(change)
}

/** Counts what is written, so that whatever was read can be kept until then. */
export class Changes {
  #counts = new Map<Change, number>()

  note(changes: Iterable<Change>): void {
    for (const change of changes) this.#counts.set(change, (this.#counts.get(change) ?? 0) + 1)
  }

  noteEverything(): void {
    this.note(EVERYTHING)
  }

  /** Another number after any of these changes; the same one says that there was none. */
  version(changes: readonly Change[]): number {
    let version = this.#counts.get('*') ?? 0
    for (const change of changes) version += this.#counts.get(change) ?? 0
    return version
  }
}

/** What a statement changes; nothing if it only reads or, by its result, met no row. Raw SQL that may write changes everything. */
export function changesBy({ query, sql: text }: CompiledQuery, result?: QueryResult<unknown>): readonly Change[] {
  if (query.kind === 'SelectQueryNode' || text.endsWith(UNNOTICED)) return []
  if (query.kind === 'RawNode') return READS.test(text) ? [] : EVERYTHING
  if (result && (result.numAffectedRows ?? BigInt(result.rows.length)) === 0n) return []
  return 'with' in query && query.with ? EVERYTHING : changesTo(query)
}

const READS = /^\s*(?:select|begin|commit|rollback|pragma|listen|analyze)\b/i

function changesTo(query: RootOperationNode): readonly Change[] {
  const isInsert = InsertQueryNode.is(query)
  const table = tableOf(
    isInsert ? query.into : UpdateQueryNode.is(query) ? query.table : DeleteQueryNode.is(query) ? query.from.froms[0] : undefined,
  )
  if (table === undefined) return EVERYTHING
  if (!isInsert) return [table]
  return query.onConflict?.updates ? [`+${table}`, table] : [`+${table}`]
}

function tableOf(node: OperationNode | undefined): string | undefined {
  if (node && AliasNode.is(node)) return tableOf(node.node)
  return node && TableNode.is(node) ? node.table.identifier.name : undefined
}

/** A driver that knows what changed through it at once, and what changed elsewhere a little later. */
export interface WatchedDriver extends Driver {
  version(changes: readonly Change[]): number
  /** Absent where nothing has to be heard. */
  onHearing?(tell: TellHearing): void
}

/** False once what other nodes change cannot be heard, true once it can again. */
export type TellHearing = (hears: boolean) => void

export interface WatchedDialect extends Dialect {
  createDriver(): WatchedDriver
}
