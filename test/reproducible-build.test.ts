import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const elsewhere = mkdtempSync(join(tmpdir(), 'latchkey-build-'))
after(() => rmSync(elsewhere, { recursive: true, force: true }))

/** What must not get into a file that browsers read, should a build find it in its environment. */
const SECRET = 'nobody-may-build-this-in'
const environment = Object.fromEntries(
  ['LATCHKEY_ENCRYPTION_KEY', 'DATABASE_URL', 'MESSENGER_SECRET', 'VITE_SECRET', 'NODE_ENV_SECRET'].map((name) => [name, SECRET]),
)

function hashesIn(folder: string): Record<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile())
  return Object.fromEntries(files.toSorted().map((file) => [file, hash('sha384', readFileSync(join(folder, file)), 'base64')]))
}

test('the same sources built in another folder, another time zone and another environment give the same files, byte for byte', () => {
  for (const one of ['web', 'shared', 'vite.config.ts', 'tsconfig.json', 'package.json'])
    cpSync(join(root, one), join(elsewhere, one), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'))
  const words = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']
  const env = { ...process.env, ...environment, TZ: 'Asia/Tokyo' }
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: elsewhere, env, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const built = hashesIn(join(elsewhere, 'dist/web'))
  assert.ok(built['messenger.js'])
  assert.deepEqual(built, hashesIn(join(root, 'dist/web')))
})
