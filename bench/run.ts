import { fork } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import type { Result } from './result.ts'

const LIMIT_MS = 10 * 60_000

const chosen = process.argv.slice(2)
const files = globSync(join(import.meta.dirname, '*.bench.ts'))
  .filter((file) => chosen.length === 0 || chosen.includes(basename(file, '.bench.ts')))
  .toSorted()
if (files.length === 0) console.error('There is no such bench.')

const results: Result[] = []
let broken = files.length === 0
for (const file of files) {
  console.error(`measuring ${basename(file, '.bench.ts')} …`)
  try {
    results.push(...(await runAlone(file)))
  } catch (error) {
    broken = true
    console.error(error)
  }
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory_gb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  at: new Date().toISOString(),
}
console.table(
  results.map((result) => ({ ...result, ours: round(result.ours), baseline: round(result.baseline), ratio: round(result.ratio) })),
)
console.log(JSON.stringify({ machine, results }, null, 2))
process.exitCode = Number(broken || results.some(({ ok }) => !ok))

async function runAlone(file: string): Promise<Result[]> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  let measured: Result[] | undefined
  child.once('message', (message) => (measured = message as Result[]))
  await once(child, 'close')
  clearTimeout(timer)
  if (!measured) throw new Error(`${basename(file)} ended without a result.`)
  return measured
}

function round(value: number | undefined) {
  return value === undefined ? undefined : Number(value.toPrecision(4))
}
