import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

/** Which layers a layer may import. Its own files and published packages always; `node:` not in a browser. */
const mayImport: Record<string, string[]> = {
  main: ['app', 'config', 'errors', 'http', 'jobs', 'domain', 'platform', 'db', 'shared'],
  app: ['config', 'errors', 'http', 'jobs', 'domain', 'platform', 'db', 'shared'],
  config: ['errors', 'domain', 'platform', 'shared'],
  errors: ['shared'],
  http: ['config', 'errors', 'domain', 'platform', 'db', 'shared'],
  jobs: ['config', 'errors', 'domain', 'platform', 'db', 'shared'],
  domain: ['errors', 'platform', 'db', 'shared'],
  platform: ['db', 'shared'],
  db: ['shared'],
  web: ['shared'],
  shared: [],
  sdk: [],
  examples: [],
}
const sharedBySurfaces = new Set(['', 'middleware', 'html'])

/** `src/http/login/jwt.ts` is of the layer `http`; `src/app.ts` is a layer of its own. */
function layerOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

function surfaceOf(file: string): string {
  const [, , surface = '', rest] = file.split('/')
  const name = rest === undefined ? '' : surface
  return sharedBySurfaces.has(name) ? '' : name
}

/** The file an import names, as a path from the root; undefined for packages. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('./')) return join(file, '..', specifier)
  const name = /^#(.+)$/.exec(specifier)?.[1]
  if (name === undefined) return undefined
  if (/^(?:web|shared|db|test)\//.test(name)) return name
  return `src/${name}${name.includes('/') ? '' : '.ts'}`
}

function faultOf(file: string, specifier: string): string | undefined {
  const layer = layerOf(file)
  if (/(?:^|\/)\.\.(?:\/|$)/.test(specifier)) return 'goes up by a path'
  const target = targetOf(file, specifier)
  if (target === undefined) return packageFault(layer, specifier)
  const other = layerOf(target)
  if (other !== layer) return mayImport[layer]?.includes(other) ? undefined : `${layer} must not import ${other}`
  const surface = surfaceOf(target)
  if (layer === 'http' && surface && surface !== surfaceOf(file)) return `reaches into the surface ${surface}`
  return undefined
}

function packageFault(layer: string, specifier: string): string | undefined {
  if (layer === 'shared') return 'shared imports nothing'
  if (layer === 'web' && specifier.startsWith('node:')) return 'not in a browser'
  return undefined
}

function importsOf(source: string): string[] {
  const statements =
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...source.matchAll(statements)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

/** Their strings are code of other people's apps, in ten languages. */
const WRITES_FOREIGN_CODE = /^src\/domain\/snippets\/(?!snippets?\.ts)/

function productFiles(): string[] {
  const folders = ['src', 'db', 'web', 'shared', 'sdk', 'examples']
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root },
  ).filter((file) => !/\.test\.tsx?$/.test(file) && !WRITES_FOREIGN_CODE.test(file))
}

test('imports point down, surfaces do not know each other, and the browser does not know the server', () => {
  const files = productFiles()
  const faults = files.flatMap((file) =>
    importsOf(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => {
      const fault = faultOf(file, specifier)
      return fault ? [`${file}: ${specifier} (${fault})`] : []
    }),
  )
  assert.ok(files.length > 10, 'the walk found the product')
  assert.deepEqual(faults, [])
})

test('only config.ts reads the environment of the server', () => {
  const readers = productFiles().filter((file) => file.startsWith('src/') && readFileSync(join(root, file), 'utf8').includes('process.env'))
  assert.deepEqual(
    readers.filter((file) => file !== 'src/config.ts'),
    [],
  )
})

for (const [file, statement] of [
  ['src/domain/sessions/sessions.ts', `import { limit } from '#http/middleware/limit.ts'`],
  ['src/domain/sessions/sessions.ts', `import type { Config } from '#config'`],
  ['src/platform/mail/mail.ts', `import { findContact } from '#domain/contacts/contacts.ts'`],
  ['src/platform/mail/mail.ts', `import {\n  fail,\n} from '#errors'`],
  ['src/http/portal/tickets.ts', `import { page } from '#http/help-center/page.ts'`],
  ['src/http/portal/tickets.ts', `export { page } from '#http/help-center/page.ts'`],
  ['src/http/middleware/resume-session.ts', `import { page } from '#http/login/page.ts'`],
  ['src/http/portal/tickets.ts', `const { sweep } = await import('#jobs/sweep.ts')`],
  ['src/http/portal/tickets.ts', `import type { App } from '#app'`],
  ['src/jobs/sweep.ts', `import { limit } from '#http/middleware/limit.ts'`],
  ['src/app.ts', `import '#web/messenger/main.ts'`],
  ['src/domain/sessions/sessions.ts', `import { newId } from '../../platform/ids/ids.ts'`],
  ['web/messenger/main.ts', `import { signIn } from '#domain/identity/sign-in.ts'`],
  ['web/messenger/main.ts', `import { readFileSync } from 'node:fs'`],
  ['shared/messenger.ts', `import { z } from 'zod'`],
  ['examples/acme/server.ts', `import { config } from '#config'`],
] as const)
  test(`the rule refuses ${statement.replaceAll(/\s+/g, ' ')} in ${file}`, () => {
    const faults = importsOf(statement).map((specifier) => faultOf(file, specifier))
    assert.ok(faults.some(Boolean))
  })

for (const [file, statement] of [
  ['src/app.ts', `import { bootRoutes } from '#http/messenger/boot.ts'`],
  ['src/http/messenger/boot.ts', `import { limit } from '#http/middleware/limit.ts'`],
  ['src/http/messenger/boot.ts', `import { signIn } from '#domain/identity/sign-in.ts'`],
  ['src/domain/identity/sign-in.ts', `import { startSession } from '#domain/sessions/start-session.ts'`],
  ['web/messenger/main.tsx', `import { list } from './list.tsx'`],
] as const)
  test(`the rule lets ${statement} pass in ${file}`, () => {
    assert.deepEqual(
      importsOf(statement).map((specifier) => faultOf(file, specifier)),
      [undefined],
    )
  })
