import { z } from 'zod'
import { PUBLIC_ALGORITHMS } from '#domain/identity/public-keys.ts'
import { listSigningKeys } from '#domain/identity/signing-keys.ts'
import { addPublic, addSecret, retireKey } from '#domain/login-settings/change-keys.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may, requireFreshPassword } from '#http/inbox/authority.ts'
import type { KeyRow, KeysAnswer, NewKeyAnswer, RetiredKeyAnswer } from '#shared/login-settings.ts'
import { PLATFORMS, presentKey } from './present-login.ts'

const NewKey = z.strictObject({ name: z.string().trim().min(1).max(100), platforms: z.array(z.enum(PLATFORMS)).min(1) })
const Text = z.string().trim().min(1).max(500)
const NewPublicKey = NewKey.extend({
  algorithm: z.enum(PUBLIC_ALGORITHMS),
  issuer: Text,
  audience: Text,
  claims: z.record(z.string().max(100), z.string().max(200)).default({}),
})
const Pasted = NewPublicKey.extend({ text: z.string().min(1).max(20_000) })
const Published = NewPublicKey.extend({ url: z.string().trim().min(1).max(2000), may_assert_user_id: z.boolean() })
const Kid = z.object({ kid: z.string().min(1).max(200) })
const Retired = z.strictObject({ end_sessions: z.boolean() })

/** What changes a key takes a password given just now (ASVS V7.5.3). */
export function keyRoutes(app: App) {
  const guarded = { ...may('secrets:write'), preHandler: requireFreshPassword }

  app.get('/app/login/keys', may('settings:read'), async (request): Promise<KeysAnswer> => {
    const rows = await listSigningKeys(app.db, atWorkOf(request).workspace)
    return { keys: rows.map(presentKey) }
  })

  app.post('/app/login/keys', { ...guarded, schema: { body: NewKey } }, async (request): Promise<NewKeyAnswer> => {
    const { name, platforms } = request.body
    const made = { name, platforms: [...new Set(platforms)], now: app.now() }
    const { row, secret } = await addSecret(app.db, app.encryption, atWorkOf(request), made)
    return { key: presentKey(row), secret }
  })

  app.post('/app/login/public-keys', { ...guarded, schema: { body: Pasted } }, async (request): Promise<KeyRow> => {
    return presentKey(await addPublic(app.db, app.httpClient, atWorkOf(request), { ...request.body, now: app.now() }))
  })

  app.post('/app/login/jwks', { ...guarded, schema: { body: Published } }, async (request): Promise<KeyRow> => {
    const { may_assert_user_id: assertsUserId, ...key } = request.body
    return presentKey(await addPublic(app.db, app.httpClient, atWorkOf(request), { ...key, assertsUserId, now: app.now() }))
  })

  const retiring = { ...guarded, schema: { params: Kid, body: Retired } }
  app.put('/app/login/keys/:kid/retired', retiring, async (request): Promise<RetiredKeyAnswer> => {
    const actor = atWorkOf(request)
    const asked = { endSessions: request.body.end_sessions, now: app.now() }
    const sessions_ended = await retireKey(app.db, actor, request.params.kid, asked)
    if (sessions_ended > 0) app.bell.ring(actor.workspace.id)
    return { sessions_ended }
  })
}
