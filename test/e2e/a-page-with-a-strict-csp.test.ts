import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerAsTeammate, enterAs, findConversation, launcherOf, startConversation, userOf } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const NONCE = 'dGhlLW5vbmNl'

function strictPage(help: string, app_id: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Strict</title><body>
<script nonce="${NONCE}">var violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI))</script>
<script nonce="${NONCE}" src="${help}/messenger.js"></script>
<script nonce="${NONCE}" type="module">
  const { intercomJwt } = await (await fetch('/intercom/jwt')).json()
  Intercom('boot', { app_id: ${JSON.stringify(app_id)}, intercom_user_jwt: intercomJwt })
</script>`
}

test('under a CSP with nonces and Trusted Types the Messenger boots, opens, sends and hears answers without one violation', async () => {
  const { demo, open } = stage
  const context = await open()
  const page = await enterAs(context, demo, demo.ada)
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${NONCE}'`,
    `connect-src 'self' ${demo.help_url}`,
    `frame-src ${demo.help_url}`,
    `base-uri 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
  await page.route('**/strict', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', headers: { 'content-security-policy': policy }, body: strictPage(demo.help_url, demo.app_id) }),
  )
  await page.goto(`${demo.app_url}/strict`)
  await launcherOf(page).waitFor()
  await eventually(() => userOf(page), demo.ada.user_id)
  const messenger = await startConversation(page, 'Is it strict here?')
  await answerAsTeammate(demo, await findConversation(demo, 'Is it strict here?'), 'Very.')
  await messenger.getByRole('log').getByText('Very.').waitFor()
  assert.deepEqual(await page.evaluate('violations'), [])
  assert.equal(await launcherOf(page).evaluate('(button) => getComputedStyle(button).position'), 'fixed')
  await page.evaluate(`void (document.body.innerHTML = '')`).catch(() => undefined)
  await eventually(() => page.evaluate('violations.length > 0'), true)
  await context.close()
})
