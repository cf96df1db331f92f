import { randomInt } from 'node:crypto'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
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

/** Systems give ports from 32768 or 49152 on to whoever asks for any, and to every connection that goes out; these below are left to us, and above 12000 browsers refuse none. */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000]

export async function findFreePort(): Promise<number> {
  const [port = 0] = await findFreePorts(1)
  return port
}

/** So many in a row on which nobody listened a moment ago. */
export async function findFreePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = randomInt(FIRST_PORT, LAST_PORT - count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const held = await Promise.all(ports.map(hold))
    for (const server of held) if (server) await once(server.close(), 'close')
    if (held.every(Boolean)) return ports
  }
}

/** Undefined where somebody listens already. */
async function hold(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return server
  } catch {
    return undefined
  }
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
