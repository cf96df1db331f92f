import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { chromium, type Browser } from 'playwright-core'
import { readConfig } from '#config'
import { addHost, addOrigin, createWorkspace, getWorkspace } from '#domain/workspaces/workspaces.ts'
import { startServer, type RunningServer } from '#main'
import { findFreePort } from '#bin/server-process.ts'
import { eventually } from './stage.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-names-'))
let server: RunningServer
let appServer: Server
let browser: Browser
let app: string
let help: string
let page = ''
before(async () => {
  const port = await findFreePort()
  const environment = { LATCHKEY_DATA: folder, LATCHKEY_TEAM_URL: `http://latchkey.localhost:${port}`, PORT: String(port) }
  server = await startServer(readConfig({ ...environment, LATCHKEY_LISTEN: 'localhost', LATCHKEY_LOG: 'error' }))
  appServer = createServer((_request, response) => void response.setHeader('content-type', 'text/html').end(page)).listen(0, 'localhost')
  await once(appServer, 'listening')
  app = `http://app.acme.localhost:${(appServer.address() as AddressInfo).port}`
  help = `http://help.acme.localhost:${port}`
  await createWorkspace(server.db, 'Acme', { now: Date.now(), appId: 'acme' })
  const workspace = await getWorkspace(server.db, 'acme')
  await addHost(server.db, workspace, help, Date.now())
  await addOrigin(server.db, workspace, app, Date.now())
  browser = await chromium.launch({ executablePath: process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
})
after(async () => {
  await browser?.close()
  await server?.close()
  appServer?.close()
  rmSync(folder, { recursive: true, force: true })
})

for (const [what, before] of [
  ['that has an image named Intercom', '<img name="Intercom">'],
  ['that has a form with the id Intercom and a field q', '<form id="Intercom"><input name="q"></form>'],
  [
    'whose elements take the names of document',
    '<img name="body"><img name="currentScript"><form name="createElement"></form><img name="readyState">',
  ],
  ['whose elements take the names of window', '<form id="fetch"></form><form id="location"></form>'],
  [
    'whose Object.prototype is polluted',
    `<script>Object.assign(Object.prototype, { headers: { x: 1 }, signal: 1, capture: true, app_id: 'globex', boot() { throw new Error('polluted') } })</script>`,
  ],
] as const)
  test(`a page ${what} boots its own workspace, and gains one global and no error`, async () => {
    page = `<!doctype html><body>${before}<script>window.intercomSettings = { app_id: 'acme' }</script><script src="${help}/messenger.js"></script>`
    const tab = await browser.newPage()
    const errors: string[] = []
    tab.on('pageerror', ({ message }) => errors.push(message))
    const [response] = await Promise.all([tab.waitForResponse((answer) => answer.url() === `${help}/messenger/boot`), tab.goto(app)])
    assert.equal(response.status(), 200)
    await eventually(() => tab.evaluate(`typeof Intercom === 'function' && Intercom('whoami')?.role`), 'visitor')
    assert.deepEqual(await tab.evaluate(`Object.keys(window).filter((name) => /intercom|latchkey/i.test(name)).toSorted()`), [
      'Intercom',
      'intercomSettings',
    ])
    assert.deepEqual(errors, [])
    await tab.close()
  })
