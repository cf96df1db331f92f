import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { signJwt } from '#test/cast.ts'
import { answerAsTeammate, findConversation, launcherOf, startConversation, userOf } from './acts.ts'
import { openForeignSite } from './foreign-site.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()
const NONCE = 'dGhlLW5vbmNl'
const WITH_NONCES = `script-src 'nonce-${NONCE}' 'strict-dynamic'; style-src 'nonce-${NONCE}'; object-src 'none'; base-uri 'none'`
const TRUSTED_TYPES = `require-trusted-types-for 'script'; trusted-types 'none'`

/** The sources that docs/login.md lists, by directive. */
function documented(): Record<string, string> {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/login.md'), 'utf8')
  const [, list = ''] = /### Content Security Policy\n[^]*?```\n([^`]+)```/.exec(docs) ?? []
  return Object.fromEntries(
    list
      .trim()
      .split('\n')
      .map((line) => line.replaceAll('https://help.acme.com', stage.demo.help_url).split(/ +(.*)/)),
  )
}

const written = (sources: Record<string, string>) =>
  Object.entries(sources)
    .map(([directive, source]) => `${directive} ${source}`)
    .join('; ')

/** The list as it stands, where the page's own inline scripts have a nonce and the Messenger's tag has none. */
function withoutNonces({ 'script-src': script = '', ...others }: Record<string, string>): string {
  return `default-src 'none'; ${written({ ...others, 'script-src': `${script} 'nonce-${NONCE}'` })}; base-uri 'none'; ${TRUSTED_TYPES}`
}

interface Visit {
  page: Page
  violations(): Promise<string[]>
}

async function visit(t: TestContext, policy: string, nonceOfMessenger = ''): Promise<Visit> {
  const { demo, open } = stage
  const token = signJwt({ user_id: demo.ada.user_id, exp: Math.floor(Date.now() / 1000) + 300 }, demo.messenger_secret)
  const settings = { app_id: demo.app_id, intercom_user_jwt: token }
  const html = `<script nonce="${NONCE}">var violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI))</script>
<script nonce="${NONCE}">intercomSettings = ${JSON.stringify(settings)}</script>
<script nonce="${nonceOfMessenger}" src="${demo.help_url}/messenger.js"></script>`
  const strict = await openForeignSite('strict.acme.localhost', { '/': html }, { 'content-security-policy': policy })
  await demo.listOrigin(strict.origin)
  const context = await open()
  t.after(async () => {
    await context.close()
    strict.close()
  })
  const page = await context.newPage()
  await page.goto(strict.origin)
  return { page, violations: () => page.evaluate<string[]>('violations') }
}

async function converse({ page, violations }: Visit, text: string) {
  const { demo } = stage
  await launcherOf(page).waitFor()
  await eventually(() => userOf(page), demo.ada.user_id)
  const messenger = await startConversation(page, text)
  await answerAsTeammate(demo, await findConversation(demo, text), 'Very.')
  await messenger.getByRole('log').getByText('Very.').waitFor()
  assert.deepEqual(await violations(), [])
  assert.equal(await launcherOf(page).evaluate((button) => button.offsetWidth), 56, 'its styles apply')
  await page.evaluate(`void document.body.setAttribute('style', 'color: red')`)
  await eventually(async () => (await violations()).length, 1)
}

test('under nonces, strict-dynamic and Trusted Types the Messenger boots, opens, sends and hears answers without one violation', async (t) => {
  const { 'script-src': _replaced, ...others } = documented()
  const policy = `default-src 'none'; ${WITH_NONCES}; ${written(others)}; ${TRUSTED_TYPES}`
  await converse(await visit(t, policy, NONCE), 'Is it strict here?')
})

test('and so it does under the listed sources without a nonce of its own', async (t) => {
  await converse(await visit(t, withoutNonces(documented())), 'Is it listed here?')
})

for (const directive of ['script-src', 'connect-src', 'frame-src'])
  test(`the list is no wider than needed: without its ${directive} the Messenger is blocked there`, async (t) => {
    const { [directive]: _left, ...others } = documented()
    const { page, violations } = await visit(t, withoutNonces(others))
    if (directive === 'frame-src') await launcherOf(page).click()
    const seen = async () => [
      ...new Set((await violations()).map((violation) => violation.replace('script-src-elem', 'script-src').split('/messenger')[0])),
    ]
    await eventually(seen, [`${directive} ${stage.demo.help_url}`])
  })

test('the list names these three directives and no other', () => {
  assert.deepEqual(Object.keys(documented()), ['script-src', 'connect-src', 'frame-src'])
})
