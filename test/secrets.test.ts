import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Day } from '#test/secrets-day.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-secrets-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const output = join(folder, 'day.json')
const { NODE_TEST_CONTEXT: _inherited, ...env } = process.env
const run = spawnSync(process.execPath, [join(import.meta.dirname, 'secrets-run.ts'), output], { encoding: 'utf8', env, maxBuffer: 1e8 })
if (run.status !== 0) throw new Error(`The day in the house failed:\n${run.stderr}`)
const { secrets, answers, built, tables } = JSON.parse(readFileSync(output, 'utf8')) as Day
const printed = run.stdout + run.stderr

/** The text, and what of it survives in hex and in base64 wherever it begins in a longer text. */
function spellings(text: string): string[] {
  const hex = Buffer.from(text).toString('hex')
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + text).toString('base64')
    return encoded
      .slice(before === 0 ? 0 : 4)
      .replace(/=+$/, '')
      .slice(0, -1)
  })
  return [
    text,
    encodeURIComponent(text),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

function findIn(text: string, { machineOnly = false } = {}): string[] {
  const sought = machineOnly ? secrets.filter(({ of }) => of === 'machine') : secrets
  return sought.filter((secret) => spellings(secret.text).some((spelling) => text.includes(spelling))).map(({ is }) => is)
}

test('the day was a full one', () => {
  assert.ok(secrets.length > 15)
  assert.ok(secrets.every(({ text }) => text.length > 18))
  for (const status of [200, 303, 400, 401, 403, 404, 413, 500])
    assert.ok(
      answers.some(({ to }) => to.endsWith(` ${status}`)),
      `an answer ${status}`,
    )
  assert.match(printed, /unexpected failure/)
  assert.ok((tables['login_log'] ?? '').includes('refused'))
})

test('a secret is found in every spelling that is looked for', () => {
  const text = secrets[0]?.text ?? ''
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const)
      assert.ok(findIn(Buffer.from(`${before}${text}; and more`).toString(encoding)).length > 0)
})

test('the log holds no secret, no token, no cookie and no words of a person', () => {
  assert.deepEqual(findIn(printed), [])
})

test('the login log holds none of them either, nor does the event log', () => {
  assert.deepEqual(findIn(tables['login_log'] ?? ''), [])
  assert.deepEqual(findIn(tables['events'] ?? ''), [])
})

test('no answer holds a secret or a token', () => {
  const found = answers.flatMap(({ to, text }) => findIn(text, { machineOnly: true }).map((is) => `${is} in the answer to ${to}`))
  assert.deepEqual(found, [])
})

test('no script, style or other file that was built holds a secret, and no source map is served', () => {
  const served = built.filter(({ status }) => status === 200)
  for (const kind of [/^\/messenger\.js$/, /^\/messenger-[\w-]{22}\.js$/, /^\/assets\/.*\.js$/, /^\/team\/.*\.js$/, /\.css$/])
    assert.ok(
      served.some(({ path, text }) => kind.test(path) && text.length > 500),
      `${kind} is served`,
    )
  assert.deepEqual(
    served.flatMap(({ path, text }) => findIn(text).map((is) => `${is} in ${path}`)),
    [],
  )
  assert.deepEqual(
    served.filter(({ path, text }) => path.endsWith('.map') || text.includes('sourceMappingURL')).map(({ path }) => path),
    [],
  )
})

test('no refusal and no failure repeats what a person wrote', () => {
  const failed = answers.filter(({ to }) => / [45]\d\d$/.test(to))
  assert.deepEqual(
    failed.flatMap(({ to, text }) => findIn(text).map((is) => `${is} in ${to}`)),
    [],
  )
})

test('a copy of the database signs nobody in: no secret, token, session or code stands in it in clear', () => {
  const found = Object.entries(tables).flatMap(([table, rows]) => findIn(rows, { machineOnly: true }).map((is) => `${is} in ${table}`))
  assert.deepEqual(found, [])
})
