import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgres, startPostgres, type ThrowawayPostgres } from '#bin/throwaway-postgres.ts'

const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'].map((setting) => `-c ${setting}`).join(' ')

/** A throw-away server as it would run in production: the last setting on its command line wins, so a commit is on disk. */
export async function startDurablePostgres(): Promise<ThrowawayPostgres> {
  const bin = findPostgres()
  if (!bin) throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql')
  const wrapped = mkdtempSync(join(tmpdir(), 'latchkey-bench-bin-'))
  chmodSync(wrapped, 0o755)
  writeFileSync(join(wrapped, 'initdb'), `#!/bin/sh\nexec '${bin}/initdb' "$@"\n`, { mode: 0o755 })
  writeFileSync(join(wrapped, 'postgres'), `#!/bin/sh\nexec '${bin}/postgres' "$@" ${DURABLE}\n`, { mode: 0o755 })
  try {
    return await startPostgres(wrapped)
  } finally {
    rmSync(wrapped, { recursive: true, force: true })
  }
}
