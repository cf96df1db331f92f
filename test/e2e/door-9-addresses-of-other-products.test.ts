import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { signJwt } from '#test/cast.ts'
import { personMenuOf, portalStatus } from './acts.ts'
import type { Person } from './demo.ts'
import { openForeignSite, type ForeignSite } from './foreign-site.ts'
import { setStage } from './stage.ts'

const stage = setStage()
const form = `<form method="post"><input type="hidden" name="jwt"><input type="hidden" name="return_to" value="/tickets"><button>Go to support</button></form>`
let app: ForeignSite
let foreign: ForeignSite
before(async () => {
  app = await openForeignSite('shop.acme.localhost', { '/': form })
  foreign = await openForeignSite('prizes.localhost', { '/': form })
})
after(() => {
  app.close()
  foreign.close()
})

function tokenOf({ user_id, email, name }: Person): string {
  const claims = { iat: Math.floor(Date.now() / 1000), jti: randomUUID(), external_id: user_id, email, name }
  return signJwt(claims, stage.demo.messenger_secret)
}

async function submit(site: ForeignSite, jwt: string) {
  const context = await stage.open()
  const page = await context.newPage()
  await page.goto(site.origin)
  await page.evaluate(
    `void (document.forms[0].action = ${JSON.stringify(`${stage.demo.help_url}/access/jwt`)}, document.forms[0].jwt.value = ${JSON.stringify(jwt)})`,
  )
  await page.getByRole('button', { name: 'Go to support' }).click()
  return { context, page }
}

test('a form of the app posts iat and jti to /access/jwt and signs in silently', async () => {
  await stage.demo.listOrigin(app.origin)
  const { context, page } = await submit(app, tokenOf(stage.demo.ada))
  await page.waitForURL(`${stage.demo.help_url}/tickets`)
  await personMenuOf(page, stage.demo.ada).waitFor()
  await context.close()
})

test('the same form on a foreign site asks first; whoever agrees uses the token up', async () => {
  const jwt = tokenOf(stage.demo.chen)
  const { context, page } = await submit(foreign, jwt)
  await page.getByRole('heading', { name: /^Continue as Chen Wei/ }).waitFor()
  assert.equal(await portalStatus(context, stage.demo), 401)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${stage.demo.help_url}/tickets`)
  await context.close()
  const again = await submit(app, jwt)
  await again.page.getByText('user_jwt_already_used').waitFor()
  assert.equal(await portalStatus(again.context, stage.demo), 401)
  await again.context.close()
})
