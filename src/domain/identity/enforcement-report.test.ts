import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Enforcement, Platform } from '#db/columns.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { openHouse, type House } from '#test/house.ts'
import { reportEnforcement, type EnforcementReport } from './enforcement-report.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

async function report(platform: Platform, workspace = house.acme): Promise<EnforcementReport> {
  await house.app.decisions.flush()
  return reportEnforcement(house.db, workspace, platform)
}

for (const enforcement of ['off', 'report', 'enforce'] as Enforcement[])
  test(`where enforcement is ${enforcement}, the report says what enforcing would refuse, why and from where`, async () => {
    await house.db.deleteFrom('login_log').execute()
    await house.change({ enforcement_web: enforcement })
    const beta = { ...house.tenants.acme, app: house.tenants.acme.help }
    const expired = house.jwt({ ...ada, exp: house.now() / 1000 - 3600 })
    await house.browser().boot(ada)
    await house.browser().boot()
    await house.browser().boot(undefined, { user_id: 'ben' })
    await house.browser().boot(expired)
    await house.browser(beta).boot(expired)
    await house.browser(beta).boot(signJwt(ben, 'somebody else’s secret'))
    const { since, ...said } = await report('web')
    assert.equal(since, house.now())
    const app = house.tenants.acme.app
    assert.deepEqual(said, {
      ...{ platform: 'web', boots: 6, proved: 1, unnamed: 1, refused: 4 },
      reasons: [
        {
          of: 'user_jwt_expired',
          times: 2,
          origins: [
            { of: beta.app, times: 1 },
            { of: app, times: 1 },
          ],
        },
        { of: 'user_jwt_signature_invalid', times: 1, origins: [{ of: beta.app, times: 1 }] },
        { of: 'user_jwt_missing', times: 1, origins: [{ of: app, times: 1 }] },
      ],
      origins: [
        { of: beta.app, times: 2 },
        { of: app, times: 2 },
      ],
    })
    const empty = { boots: 0, proved: 0, unnamed: 0, refused: 0, reasons: [], origins: [], since: null }
    assert.deepEqual(await report('ios'), { platform: 'ios', ...empty })
    assert.deepEqual(await report('web', house.globex), { platform: 'web', ...empty })
  })

test('the report speaks of the last 1,000 boots, and of no other door', async () => {
  await house.db.deleteFrom('login_log').execute()
  const line = { workspace_id: house.acme.id, at: house.now(), platform: 'web', origin: null, kid: null, user_id: null, request_id: null }
  const lines = (count: number, door: string, code: string | null) =>
    Array.from({ length: count }, () => ({ ...line, door, code, outcome: code === null ? ('visitor' as const) : ('refused' as const) }))
  await house.db
    .insertInto('login_log')
    .values(lines(20, 'boot', 'user_jwt_missing'))
    .execute()
  await house.db
    .insertInto('login_log')
    .values(lines(990, 'boot', null))
    .execute()
  await house.db
    .insertInto('login_log')
    .values(lines(30, 'login_jwt', 'user_jwt_expired'))
    .execute()
  const { boots, refused } = await report('web')
  assert.deepEqual({ boots, refused }, { boots: 1000, refused: 10 })
})
