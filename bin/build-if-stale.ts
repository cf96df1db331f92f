import { spawnSync } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const sources = ['web/**/*', 'shared/**/*', 'vite.config.ts', 'package-lock.json']

/** Builds the browser's files unless dist/web is newer than everything it is made of. False: the build failed and has said why. */
export function buildIfStale(): boolean {
  if (!existsSync(join(root, 'vite.config.ts')) || newest(['dist/web/**/*']) > newest(sources)) return true
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  return spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' }).status === 0
}

function newest(patterns: string[]): number {
  const files = globSync(patterns, { cwd: root })
  return Math.max(0, ...files.map((file) => statSync(join(root, file)).mtimeMs))
}

if (import.meta.main) process.exitCode = Number(!buildIfStale())
