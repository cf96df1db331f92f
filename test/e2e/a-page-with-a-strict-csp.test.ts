import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signJwt } from '#test/cast.ts'
import { answerAsTeammate, findConversation, launcherOf, startConversation, userOf } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const NONCE = 'dGhlLW5vbmNl'

function strictPage(help: string, settings: object): string {
  return `<script nonce="${NONCE}">var violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI))</script>
<script nonce="${NONCE}" src="${help}/messenger.js"></script>
<script nonce="${NONCE}">Intercom('boot', ${JSON.stringify(settings)})</script>`
}

test('under a CSP with nonces and Trusted Types the Messenger boots, opens, sends and hears answers without one violation', async (t) => {
  const { demo, open } = stage
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${NONCE}'`,
    `connect-src ${demo.help_url}`,
    `frame-src ${demo.help_url}`,
    `base-uri 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
  const token = signJwt({ user_id: demo.ada.user_id, exp: Math.floor(Date.now() / 1000) + 300 }, demo.messenger_secret)
  const pages = { '/': strictPage(demo.help_url, { app_id: demo.app_id, intercom_user_jwt: token }) }
  const strict = await openForeignSite('strict.acme.localhost', pages, { 'content-security-policy': policy })
  t.after(() => strict.close())
  await demo.listOrigin(strict.origin)
  const context = await open()
  const page = await context.newPage()
  await page.goto(strict.origin)
  await launcherOf(page).waitFor()
  await eventually(() => userOf(page), demo.ada.user_id)
  const messenger = await startConversation(page, 'Is it strict here?')
  await answerAsTeammate(demo, await findConversation(demo, 'Is it strict here?'), 'Very.')
  await messenger.getByRole('log').getByText('Very.').waitFor()
  assert.deepEqual(await page.evaluate('violations'), [])
  assert.equal((await launcherOf(page).boundingBox())?.width, 56, 'its styles apply')
  await page.evaluate(`void document.body.setAttribute('style', 'color: red')`)
  await eventually(() => page.evaluate('violations.length'), 1)
  await context.close()
})
