import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { TableMetadata } from 'kysely'
import { openHouse, type House } from '#test/house.ts'

const root = join(import.meta.dirname, '..')
const schema = readFileSync(join(root, 'db/schema.sql'), 'utf8')
const typed = globSync('db/*.ts', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
/** Who belongs to no workspace: the workspaces themselves, and the list of what was migrated. */
const GLOBAL = new Set(['workspaces', 'migrations'])

let house: House
let tables: TableMetadata[]
before(async () => {
  house = await openHouse()
  tables = await house.db.introspection.getTables()
})
after(() => house.close())

test('db/schema.sql is what the migrations make', () => {
  execFileSync(process.execPath, [join(root, 'bin/schema.ts'), '--check'], { stdio: 'pipe' })
})

test('every table has a workspace, and says so in a column that is never empty', () => {
  const faults = tables
    .filter(({ name }) => !GLOBAL.has(name))
    .flatMap(({ name, columns }) => {
      const column = columns.find((column) => column.name === 'workspace_id')
      return column && !column.isNullable ? [] : [name]
    })
  assert.ok(tables.length > 25)
  assert.deepEqual(faults, [])
})

test('no reference leads from one workspace to another: each names the workspace too', () => {
  const references = [
    ...schema.matchAll(/foreign key \(([^)]*)\) references (\w+) \(([^)]*)\)|\b(\w+) \w+ not null references (\w+) \(id\)/g),
  ]
  const faults = references.filter(([, from, , to, column, table]) =>
    from ? !(from.startsWith('workspace_id, ') && to?.startsWith('workspace_id, ')) : column !== 'workspace_id' || table !== 'workspaces',
  )
  assert.ok(references.length > 30)
  assert.deepEqual(
    faults.map(([line]) => line),
    [],
  )
})

test('the types name the tables and columns of the database', () => {
  const listed = /export interface Schema \{([^]*?)\n\}/.exec(typed)?.[1] ?? ''
  const names = Array.from(listed.matchAll(/^ {2}(\w+):/gm), ([, name = '']) => name)
  assert.deepEqual(
    names.toSorted(),
    tables
      .map(({ name }) => name)
      .filter((name) => name !== 'migrations')
      .toSorted(),
  )
  const unknown = tables
    .filter(({ name }) => name !== 'migrations')
    .flatMap(({ name, columns }) =>
      columns.filter((column) => !new RegExp(`\\b${column.name}: `).test(typed)).map((column) => `${name}.${column.name}`),
    )
  assert.deepEqual(unknown, [])
})

test('migrations are numbered without gaps and named by a sentence', () => {
  const names = globSync('db/migrations/*', { cwd: root })
    .map((path) => path.slice('db/migrations/'.length))
    .toSorted()
  for (const [index, name] of names.entries())
    assert.match(name, new RegExp(`^${String(index + 1).padStart(4, '0')}_[a-z0-9]+(?:_[a-z0-9]+)+\\.sql$`))
})
