import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enterAs, personMenuOf, portalStatus } from './acts.ts'
import { eventually, setStage } from './stage.ts'

const stage = setStage()

test('a person finds their devices in the menu and ends all the others, without JavaScript', async () => {
  const { demo, open } = stage
  const away = await open()
  await enterAs(away, demo, demo.ada)
  const here = await open()
  await enterAs(here, demo, demo.ada)
  const plain = await open({ javaScriptEnabled: false, storageState: await here.storageState() })
  const page = await plain.newPage()
  await page.goto(`${demo.help_url}/en`)
  await personMenuOf(page, demo.ada).click()
  await page.getByRole('link', { name: 'Your devices' }).click()
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
  assert.equal(await page.getByText('This device').count(), 1)
  const others = page.getByRole('button', { name: /^Sign out Chrome/ })
  const before = await others.count()
  assert.ok(before >= 1)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByText('You are signed in on this device only.').waitFor()
  assert.equal(await portalStatus(here, demo), 200)
  await eventually(() => portalStatus(away, demo), 401)
  for (const context of [away, here, plain]) await context.close()
})
