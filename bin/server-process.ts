import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 15_000

export interface ServerProcess {
  /** From the call to the first connection that is taken. */
  startMs: number
  memoryMb: () => number
  stop: () => Promise<void>
}

/** `latchkey serve` in a process of its own. LATCHKEY_BENCH_PROFILE names a folder for its CPU profile. */
export async function startServerProcess(environment: Record<string, string>): Promise<ServerProcess> {
  const profile = process.env['LATCHKEY_BENCH_PROFILE']
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const started = performance.now()
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'latchkey.js'), 'serve'], {
    env: { PATH: process.env['PATH'], LATCHKEY_LOG: 'warn', ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  process.once('exit', () => child.kill())
  while (!(await takesConnections(Number(environment['PORT'])))) {
    if (child.exitCode !== null || performance.now() - started > PATIENCE_MS) throw new Error('The server did not start.')
    await sleep(2)
  }
  const startMs = performance.now() - started
  return {
    startMs,
    memoryMb: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.')
  return address.port
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
