import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults, type FaultCode } from '#domain/diagnosis/faults.ts'
import type { ChecklistId, ChecklistLine } from '#shared/diagnosis.ts'
import { reasonToSkip } from './reason-to-skip.ts'
import { openCompany, type Branch, type Company } from './company.ts'

const HOST = 'proxy_set_header Host $http_host;'
const TEN_MINUTES = 600_000

const ways = {
  'drops Cookie': { lines: [HOST, 'proxy_set_header Cookie "";'] },
  'drops Set-Cookie': { lines: [HOST, 'proxy_hide_header Set-Cookie;'] },
  'caches pages': {
    lines: [HOST, 'proxy_cache pages;', 'proxy_ignore_headers Cache-Control Set-Cookie Vary;', 'proxy_cache_valid any 10m;'],
  },
  'replaces Host': { lines: ['proxy_set_header Host $proxy_host;'] },
  'ends TLS for a host that is configured as http': { scheme: 'http' as const },
  'is fine, but the app’s clock is ten minutes ahead': { clock: TEN_MINUTES },
  'is fine, but the app’s clock is ten minutes behind': { clock: -TEN_MINUTES },
}
type Name = keyof typeof ways

/** What names it: a line of the checklist, and the doctor. */
const named: Record<Name, { line: ChecklistId; code: FaultCode; doctor?: FaultCode; because?: string }> = {
  'drops Cookie': { line: 'proxy', code: 'cookie_dropped', because: 'cookie_missing' },
  'drops Set-Cookie': { line: 'proxy', code: 'set_cookie_dropped', because: 'cookie_missing' },
  'caches pages': { line: 'proxy', code: 'pages_cached' },
  'replaces Host': { line: 'proxy', code: 'host_replaced' },
  'ends TLS for a host that is configured as http': { line: 'https', code: 'host_plain_http', doctor: 'address_differs' },
  'is fine, but the app’s clock is ten minutes ahead': { line: 'clock', code: 'app_clock_ahead', because: 'cookie_missing' },
  'is fine, but the app’s clock is ten minutes behind': { line: 'clock', code: 'app_clock_behind', because: 'cookie_missing' },
}

const skip = reasonToSkip('nginx', 'nginx-light')
let company: Company<Name>
before(async () => {
  if (skip === false) company = await openCompany(ways)
})
after(() => company?.close())

/** A user opens the app and follows its link to the support host. */
async function visit({ app }: Branch): Promise<string> {
  const context = await company.open()
  const page = await context.newPage()
  await page.goto(app)
  await page.waitForFunction(`!!window.Intercom`, undefined, { timeout: 3000 }).catch(() => undefined)
  await page.waitForLoadState('networkidle')
  await page.getByRole('link', { name: 'Help' }).click()
  await page.waitForLoadState()
  const text = await page.locator('body').innerText()
  await context.close()
  return text
}

function line(lines: ChecklistLine[], id: ChecklistId): ChecklistLine {
  const found = lines.find((line) => line.id === id)
  assert.ok(found)
  return found
}

for (const name of Object.keys(ways) as Name[])
  test(`a proxy that ${name}: the checklist and the doctor name it, with its cure`, { skip }, async () => {
    const branch = company.branches[name]
    const { line: id, code, doctor = code, because } = named[name]
    const text = await visit(branch)
    if (because) assert.match(text, /You are not signed in/)
    const { lines } = await branch.checklist()
    const found = line(lines, id)
    assert.deepEqual([found.state, found.code, found.sentence, found.cure], ['fail', code, faults[code].sentence, faults[code].cure])
    assert.ok(found.evidence[0]?.text)
    const { exitCode, text: said } = await branch.doctor()
    assert.equal(exitCode, 1, said)
    assert.ok(said.includes(`✖ ${faults[doctor].sentence} (${doctor})`), said)
    assert.ok(said.includes(`Cure: ${faults[doctor].cure}`))
  })

test('where cookies are lost, real browsers prove it too, with time and origin', { skip }, async () => {
  for (const name of ['drops Cookie', 'drops Set-Cookie'] as const) {
    const { app, checklist } = company.branches[name]
    const { state, code, evidence } = line((await checklist()).lines, 'cookie')
    assert.deepEqual([state, code, evidence[0]?.origin], ['fail', 'cookie_not_returned', app])
    assert.ok((evidence[0]?.at ?? 0) > 0)
  }
})

test('the doctor speaks JSON too', { skip }, async () => {
  const { exitCode, text } = await company.branches['drops Cookie'].doctor('--json')
  const { ok, findings } = JSON.parse(text) as { ok: boolean; findings: { id: string; state: string; code: string | null }[] }
  assert.deepEqual([exitCode, ok], [1, false])
  assert.deepEqual(
    findings.filter(({ state }) => state === 'fail').map(({ code }) => code),
    ['cookie_dropped'],
  )
})
