import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { enterAs, personMenuOf } from './acts.ts'
import { setStage } from './stage.ts'

const stage = setStage()
let circle: Server
before(async () => {
  // A login page that forgets to sign: it sends everybody straight back.
  circle = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://app.invalid')
    response.writeHead(303, { location: `${stage.demo.help_url}${searchParams.get('return_to') ?? '/'}` }).end()
  })
  await once(circle.listen(0, '127.0.0.1'), 'listening')
})
after(() => {
  circle.close()
  circle.closeAllConnections()
})

test('who is logged in to the app opens a deep link and is there, signed in, without a click', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  await context.clearCookies({ domain: 'help.acme.localhost' })
  const deep = `${demo.help_url}/tickets?view=company&q=a%26b`
  await page.goto(deep)
  await page.waitForURL(deep)
  await personMenuOf(page, demo.ada).waitFor()
  await context.close()
})

test('a Login URL that sends people back signed out ends in a page that says so, not in a circle', async () => {
  const { demo, open } = stage
  await demo.command(
    'workspace',
    'set',
    demo.app_id,
    '--login-url',
    `http://circle.acme.localhost:${(circle.address() as AddressInfo).port}/`,
  )
  await sleep(1200)
  const context = await open()
  const page = await context.newPage()
  let asked = 0
  page.on('request', (request) => (asked += Number(request.url().includes('circle.acme.localhost'))))
  const answer = await page.goto(`${demo.help_url}/tickets`)
  assert.equal(answer?.status(), 409)
  assert.equal(asked, 2)
  await page.getByRole('heading', { name: 'Sign-in went round in a circle' }).waitFor()
  await page.getByText('login_url_loops').waitFor()
  await page.getByRole('link', { name: 'Go to the start page' }).click()
  await page.waitForURL(`${demo.help_url}/en`)
  await context.close()
})
