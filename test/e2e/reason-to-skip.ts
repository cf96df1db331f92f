import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Why a test cannot run here; under CI nothing is skipped. */
export function reasonToSkip(command: string, debianPackage = command): string | false {
  const isThere =
    (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, command))) || existsSync(join('/usr/sbin', command))
  return isThere || process.env['CI'] === 'true' ? false : `${command} is not installed: apt-get install ${debianPackage}`
}
