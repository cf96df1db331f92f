import { execFileSync } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const sources = ['web/**/*', 'shared/**/*', 'vite.config.ts', 'package-lock.json']

/** Builds the browser's files unless dist/web is newer than everything it is made of. */
export function buildIfStale() {
  if (!existsSync(join(root, 'vite.config.ts')) || newest(['dist/web/**/*']) > newest(sources)) return
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
}

function newest(patterns: string[]): number {
  const files = globSync(patterns, { cwd: root })
  return Math.max(0, ...files.map((file) => statSync(join(root, file)).mtimeMs))
}

if (import.meta.main) buildIfStale()
