import { existsSync } from 'node:fs'
import { join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser for the end-to-end tests: LATCHKEY_CHROMIUM, else the first one on the PATH. */
export function findChromium(): string | undefined {
  const chosen = process.env['LATCHKEY_CHROMIUM']
  if (chosen) return chosen
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(':')]
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}
