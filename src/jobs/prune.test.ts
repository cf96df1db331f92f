import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pruneLoginLog } from '#domain/identity/login-log.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { inviteTeammate } from '#domain/teammates/invites.ts'
import { createPasswordReset } from '#domain/teammates/password-resets.ts'
import { prune } from '#jobs/prune.ts'
import { ada } from '#test/cast.ts'
import { openHouse } from '#test/house.ts'
import { openTeammate } from '#test/team.ts'

const DAY = 86_400_000

test('what has run out is forgotten, and what still counts is not', async () => {
  const house = await openHouse()
  const browser = house.browser()
  await browser.boot(ada)
  await house.browser().post('/login/jwt', { jwt: house.jwt({ ...ada, jti: 'used' }) }, { form: true })
  await house.browser().get(`/login/jwt?jwt=${house.jwt({ ...ada, jti: 'waiting' })}`)
  await addHost(house.db, house.acme, 'https://docs.acme.test', house.now())
  house.pass(1001)
  assert.equal((await browser.get('/login/handoff/start?to=https://docs.acme.test/')).statusCode, 303)
  await house.app.decisions.flush()
  const counts = async () =>
    Promise.all(
      (['sessions', 'used_tokens', 'pending_logins', 'handoffs', 'login_log'] as const).map(
        async (table) => (await house.db.selectFrom(table).selectAll().execute()).length,
      ),
    )
  const before = await counts()
  assert.ok(
    before.every((count) => count > 0),
    String(before),
  )
  await prune(house.db, house.now())
  assert.deepEqual(await counts(), before)
  await prune(house.db, house.now() + 31 * DAY)
  assert.deepEqual(await counts(), [0, 0, 0, 0, 0])
  await house.close()
})

test('the login log keeps the newest 10,000 decisions of a workspace', async () => {
  const house = await openHouse()
  const line = {
    workspace_id: house.acme.id,
    at: house.now(),
    door: 'boot',
    origin: null,
    platform: 'web',
    kid: null,
    user_id: null,
    outcome: 'refused',
    code: null,
    request_id: null,
  } as const
  for (let n = 0; n < 21; n += 1)
    await house.db
      .insertInto('login_log')
      .values(Array.from({ length: 500 }, () => line))
      .execute()
  await pruneLoginLog(house.db, house.acme, house.now())
  assert.equal((await house.db.selectFrom('login_log').select('id').execute()).length, 10_000)
  await house.close()
})

test('of teammates, sessions and links that have run out are forgotten, invites stay for 30 days to be sent again, the audit log lasts 400 days', async () => {
  const house = await openHouse()
  const { teammate } = await openTeammate(house, house.tenants.acme, 'owner')
  await createPasswordReset(house.db, teammate, null, house.now())
  await inviteTeammate(house.db, house.acme, { email: 'new@acme.test', role: 'agent', by: teammate }, house.now())
  const counts = async () =>
    Promise.all(
      (['teammate_sessions', 'password_resets', 'teammate_invites', 'audit_log'] as const).map(
        async (table) => (await house.db.selectFrom(table).selectAll().execute()).length,
      ),
    )
  await prune(house.db, house.now())
  assert.deepEqual(await counts(), [1, 1, 1, 2])
  await prune(house.db, house.now() + 30.9 * DAY)
  assert.deepEqual(await counts(), [0, 0, 1, 2])
  await prune(house.db, house.now() + 399 * DAY)
  assert.deepEqual(await counts(), [0, 0, 0, 2])
  await prune(house.db, house.now() + 401 * DAY)
  assert.deepEqual(await counts(), [0, 0, 0, 0])
  await house.close()
})
