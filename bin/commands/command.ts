import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { Config } from '#config'
import type { Instant } from '#db/columns.ts'
import type { InstallationKeys } from '#domain/installation/installation-keys.ts'
import { getWorkspace, type Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'

export interface Context {
  db: Db
  config: Config
  encryption: Encryption
  httpClient: HttpClient
  keys: InstallationKeys
  now: Instant
  print(line: string): void
}

export interface Command {
  /** The words that call it. */
  name: string[]
  usage: string
  says: string
  run(context: Context, words: string[]): Promise<void>
}

/** The command line cannot be understood: exit code 2. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>

/** Reads the words after the command: as many names as `positionals` lists, all required, and the options. */
export function readWords<O extends Options>(words: string[], positionals: readonly string[], options: O) {
  const { values, positionals: given } = parseArgs({ args: words, options, allowPositionals: true, strict: true })
  const lacking = positionals.slice(given.length)
  if (lacking.length > 0)
    throw new UsageError(`${lacking.join(' and ')} ${lacking.length > 1 ? 'are' : 'is'} missing. latchkey help shows how.`)
  if (given.length > positionals.length) throw new UsageError(`I do not know what to do with ${given.slice(positionals.length).join(' ')}.`)
  return { values, given }
}

/** A command about one workspace, named first by its app id. */
export async function readWorkspaceWords<O extends Options>(context: Context, words: string[], positionals: readonly string[], options: O) {
  const { values, given } = readWords(words, ['APP_ID', ...positionals], options)
  const [appId = '', ...rest] = given
  return { workspace: await getWorkspace(context.db, appId), values, rest }
}

export function printTable(context: Context, rows: readonly (readonly (string | number | null)[])[]): void {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? '–')))
  const widths = (texts[0] ?? []).map((_cell, column) => Math.max(...texts.map((row) => (row[column] ?? '').length)))
  for (const row of texts)
    context.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

export function timeOf(at: Instant | null): string {
  return at === null ? '–' : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function snippetFor(workspace: Workspace, helpOrigin: string): string {
  return `<script>
  window.intercomSettings = { app_id: '${workspace.app_id}', intercom_user_jwt: 'SIGNED ON YOUR SERVER' };
</script>
<script async src="${helpOrigin}/messenger.js"></script>`
}
