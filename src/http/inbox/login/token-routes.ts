import { z } from 'zod'
import { TESTED_DOORS } from '#domain/identity/door-rules.ts'
import { explainUserJwt } from '#domain/identity/explain-user-jwt.ts'
import type { SigningKey } from '#domain/identity/keyring.ts'
import { mintTestToken, openAsUser } from '#domain/login-settings/try-a-user.ts'
import { listWorkspacesOf } from '#domain/teammates/workspaces-of.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may, requireFreshPassword } from '#http/inbox/authority.ts'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import type { LoginLinkAnswer, TestTokenAnswer, TokenTestAnswer } from '#shared/login-settings.ts'
import { PLATFORMS } from './present-login.ts'

const TESTS_PER_MINUTE = 60
const TokenTest = z.strictObject({ token: z.string().trim().min(1).max(100_000), door: z.enum(TESTED_DOORS), platform: z.enum(PLATFORMS) })
const UserId = z.string().trim().min(1).max(255)
const Opening = z.strictObject({ user_id: UserId, return_to: z.string().max(2000).optional() })
const Minting = z.strictObject({
  user_id: UserId,
  email: z.string().trim().min(1).max(320).optional(),
  name: z.string().trim().min(1).max(255).optional(),
  kid: z.string().min(1).max(200).optional(),
})

/** Trying tokens and users. What makes one is for whoever may make secrets, with a password given just now, and is written down. */
export function tokenRoutes(app: App) {
  const tests = minuteLimit(TESTS_PER_MINUTE)
  const guarded = { ...may('secrets:write'), preHandler: requireFreshPassword }

  app.post(
    '/app/login/token-tests',
    { ...may('settings:read'), schema: { body: TokenTest } },
    async (request): Promise<TokenTestAnswer> => {
      const { workspace, teammate } = atWorkOf(request)
      tests.count(teammate.id, app.now())
      const elsewhere: { workspace: Workspace; keys: readonly SigningKey[] }[] = []
      for (const other of await listWorkspacesOf(app.db, teammate))
        if (other.id !== workspace.id) elsewhere.push({ workspace: other, keys: await app.keyring.keysOf(other, app.now()) })
      return explainUserJwt(app.db, app.keyring, workspace, { ...request.body, elsewhere, now: app.now() })
    },
  )

  app.post('/app/login/test-tokens', { ...guarded, schema: { body: Minting } }, async (request): Promise<TestTokenAnswer> => {
    return mintTestToken(app.db, app.keyring, atWorkOf(request), { user: request.body, now: app.now() })
  })

  app.post('/app/login/links', { ...guarded, schema: { body: Opening } }, async (request): Promise<LoginLinkAnswer> => {
    return openAsUser(app.db, atWorkOf(request), request.body, app.now())
  })
}
