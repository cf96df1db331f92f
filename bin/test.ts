import { globSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { buildIfStale } from './build-if-stale.ts'
import { findChromium } from './find-chromium.ts'
import { counted, runTests, sumCounts, type TestRun } from './test-run.ts'
import { findPostgres, startPostgres } from './throwaway-postgres.ts'

const root = join(import.meta.dirname, '..')
const abort = new AbortController()
const missing: string[] = []
const runs: TestRun[] = []

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort())

const named = process.argv.slice(2).map((path) => relative(root, resolve(path)))
process.chdir(root)
const built = buildIfStale()
if (named.length > 0) await testNamed(named)
else await testEverything()
report()

async function testNamed(paths: string[]) {
  const files = paths.flatMap((path) => (path.endsWith('.test.ts') ? [path] : globSync(`${path}/**/*.test.ts`)))
  if (files.length === 0) throw new Error(`No test files at ${paths.join(', ')}.`)
  const chromium = findChromium()
  await run('SQLite', files, { LATCHKEY_TEST_DATABASE: 'sqlite', ...(chromium && { LATCHKEY_CHROMIUM: chromium }) })
}

async function testEverything() {
  const all = globSync(['src', 'web', 'shared', 'sdk', 'test'].map((folder) => `${folder}/**/*.test.ts`)).toSorted()
  const inBrowser = all.filter((file) => file.startsWith('test/e2e/'))
  const onDatabase = all.filter((file) => !inBrowser.includes(file))
  await run('SQLite', onDatabase, { LATCHKEY_TEST_DATABASE: 'sqlite' })
  await testOnPostgres(onDatabase)
  await testInBrowser(inBrowser)
}

async function testOnPostgres(files: string[]) {
  const bin = findPostgres()
  if (!bin) return miss('PostgreSQL', 'postgresql')
  if (abort.signal.aborted) return
  const server = await startPostgres(bin)
  try {
    await run('PostgreSQL', files, { LATCHKEY_TEST_DATABASE: 'postgres', LATCHKEY_TEST_POSTGRES_URL: server.url })
  } finally {
    await server.stop()
  }
}

async function testInBrowser(files: string[]) {
  const chromium = findChromium()
  if (!chromium) return miss('Chromium', 'chromium')
  if (files.length > 0) await run('In the browser', files, { LATCHKEY_TEST_DATABASE: 'sqlite', LATCHKEY_CHROMIUM: chromium })
}

async function run(name: string, files: string[], env: NodeJS.ProcessEnv) {
  if (!abort.signal.aborted) runs.push(await runTests(name, files, env, abort.signal))
}

function miss(what: string, debianPackage: string) {
  missing.push(`Not tested with ${what}, which is not installed: apt-get install ${debianPackage}`)
}

function report() {
  const counts = sumCounts(runs)
  console.log('\nTogether')
  for (const word of counted) console.log(`ℹ ${word} ${Math.round(counts[word])}`)
  for (const { name, exitCode } of runs) console.log(`${exitCode === 0 ? '✔' : '✖'} ${name}`)
  if (!built) console.log('✖ The browser’s files could not be built; see the top.')
  for (const sentence of missing) console.log(`⚠ ${sentence}`)
  process.exitCode = abort.signal.aborted ? 130 : Number(failed() || incomplete())
}

function failed() {
  return !built || runs.length === 0 || runs.some((run) => run.exitCode !== 0)
}

function incomplete() {
  return process.env['CI'] === 'true' && missing.length > 0
}
