import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface Locked {
  version?: string
  optionalDependencies?: Record<string, string>
}

/** A registry that lacks a platform's binary makes `npm install` leave its entry out, and `npm ci` refuses such a file everywhere. */
test('the lock file names every optional package of every platform', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]),
  )
  assert.deepEqual(missing, [])
})
