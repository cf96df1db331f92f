import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from './server-process.ts'

export type ThrowawayPostgres = { url: string; stop: () => Promise<void> }
type Owner = { uid?: number; gid?: number }

/** The folder with initdb and postgres, newest version first; undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const versions = globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  const folders = [...versions, '/usr/local/bin', ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** An empty server in a temporary folder, on loopback with a random password. Durability is off: it does not outlive the run. */
export async function startPostgres(bin: string): Promise<ThrowawayPostgres> {
  const owner = serverOwner()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  const data = join(folder, 'data')
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [folder, passwordFile]) if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid ?? owner.uid)

  const cluster = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  execFileSync(join(bin, 'initdb'), cluster, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })

  const port = await findFreePort()
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'logging_collector=off']
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, '-h', '127.0.0.1', '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    // Detached, so that Ctrl-C reaches us alone and the tests let go before the server does.
    { ...owner, cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const stop = () => stopServer(server, folder)
  try {
    await untilReady(server)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop }
}

/** initdb and postgres refuse to run as root; Debian's package brings a user for them. */
function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function untilReady(server: ChildProcess) {
  let log = ''
  server.stderr?.on('data', (chunk) => (log = (log + String(chunk)).slice(-8000)))
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (log.includes('ready to accept connections')) return
    if (server.exitCode !== null) throw new Error(`PostgreSQL stopped while starting:\n${log}`)
    await sleep(50)
  }
  throw new Error(`PostgreSQL was not ready within 30 s:\n${log}`)
}

async function stopServer(server: ChildProcess, folder: string) {
  if (server.exitCode === null && server.signalCode === null) {
    const gone = once(server, 'exit')
    server.kill('SIGINT')
    await Promise.race([gone, sleep(5000, undefined, { ref: false }).then(() => server.kill('SIGKILL'))])
  }
  rmSync(folder, { recursive: true, force: true })
}
