import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Counts = Record<(typeof counted)[number], number>
export type TestRun = { name: string; exitCode: number; counts: Counts }

export const counted = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo', 'duration_ms'] as const

/** One `node --test` over the files, its report on our output, its counts read back from a second report. */
export async function runTests(name: string, files: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<TestRun> {
  console.log(`\n▶ ${name}: ${files.length} files`)
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  const report = join(folder, 'report.tap')
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report}`,
  ]
  try {
    const child = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=120000', ...reporters, ...files], {
      env: { ...process.env, ...env },
      stdio: 'inherit',
      signal,
      killSignal: 'SIGTERM',
    })
    // An abort also emits 'error', on which events.once would give up; the end of the child is what counts.
    child.on('error', () => undefined)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { name, exitCode: code ?? 1, counts: readCounts(report) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readCounts(report: string): Counts {
  const tap = readFileSync(report, { encoding: 'utf8', flag: 'a+' })
  const count = (word: string) => Number(new RegExp(`^# ${word} ([\\d.]+)$`, 'm').exec(tap)?.[1] ?? 0)
  return Object.fromEntries(counted.map((word) => [word, count(word)])) as Counts
}

export function sumCounts(runs: TestRun[]): Counts {
  const sum = (word: keyof Counts) => runs.reduce((total, run) => total + run.counts[word], 0)
  return Object.fromEntries(counted.map((word) => [word, sum(word)])) as Counts
}
