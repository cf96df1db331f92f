import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'
import { readConfig } from '#config'
import { startServer, type RunningServer } from '#main'
import { findFreePort } from '#bin/server-process.ts'

/** An empty installation with Chromium in front of its teammates' host. */
export interface TeamApp {
  server: RunningServer
  /** Origin of the teammates' host. */
  base: string
  /** A page of a browser that has been nowhere. */
  open(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

export async function openTeamApp(): Promise<TeamApp> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-team-'))
  const port = await findFreePort()
  const base = `http://latchkey.localhost:${port}`
  const environment = {
    LATCHKEY_DATA: folder,
    LATCHKEY_TEAM_URL: base,
    LATCHKEY_LISTEN: 'localhost',
    PORT: String(port),
    LATCHKEY_LOG: 'error',
  }
  const server = await startServer(readConfig(environment))
  const browser = await chromium.launch({
    executablePath: process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  return {
    server,
    base,
    async open(options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', ...options })
      context.setDefaultTimeout(10_000)
      return context.newPage()
    },
    async close() {
      await browser.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
