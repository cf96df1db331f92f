import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults } from '#domain/diagnosis/faults.ts'
import { launcherOf, userOf } from './acts.ts'
import { openCompany, type Company } from './company.ts'
import { reasonToSkip } from './reason-to-skip.ts'
import { eventually } from './stage.ts'

const skip = reasonToSkip('nginx', 'nginx-light')
let company: Company<'good'>
before(async () => {
  if (skip === false) company = await openCompany({ good: {} })
})
after(() => company?.close())

test(
  'one boot signs in behind nginx with TLS: __Host- cookies arrive and come back, here and through the Login URL',
  { skip },
  async () => {
    const { help, app } = company.branches.good
    const context = await company.open()
    const page = await context.newPage()
    await page.goto(app)
    await launcherOf(page).waitFor()
    await eventually(() => userOf(page), 'ada')
    const cookies = await context.cookies(help)
    assert.deepEqual(cookies.map(({ name }) => name).toSorted(), ['__Host-latchkey', '__Host-latchkey-probe'])
    for (const { secure, httpOnly, sameSite, domain } of cookies)
      assert.deepEqual([secure, httpOnly, sameSite, domain], [true, true, 'Lax', 'help.acme.test'])
    await page.getByRole('link', { name: 'Help' }).click()
    await page.getByRole('heading', { name: 'You are signed in as Ada Lovelace' }).waitFor()
    const typed = await (await company.open()).newPage()
    await typed.goto(`${help}/login?return_to=%2Ftickets`)
    await typed.getByText('Ada Lovelace').first().waitFor()
    assert.equal(typed.url(), `${help}/tickets`)
  },
)

test('the checklist says so, line by line, with what it saw', { skip }, async () => {
  const { app, checklist } = company.branches.good
  const { lines } = await checklist()
  assert.deepEqual(
    lines.filter(({ state }) => state !== 'ok').map(({ id, state, code, evidence }) => ({ id, state, code, evidence })),
    [],
  )
  const cookie = lines.find(({ id }) => id === 'cookie')
  assert.deepEqual([cookie?.evidence[0]?.origin, cookie?.evidence[0]?.text], [app, 'The round trip was seen once.'])
})

test('the doctor finds nothing broken, and exits with 0', { skip }, async () => {
  const { exitCode, text } = await company.branches.good.doctor()
  assert.equal(exitCode, 0, text)
  assert.match(text, /0 broken, 0 to look at, \d+ fine\./)
  for (const { sentence } of Object.values(faults)) assert.ok(!text.includes(sentence))
})
