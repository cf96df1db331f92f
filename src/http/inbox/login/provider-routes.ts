import { z } from 'zod'
import { admitProvider, dismissProvider } from '#domain/login-settings/change-providers.ts'
import { listProviders } from '#domain/openid/providers.ts'
import { listHosts } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may, requireFreshPassword } from '#http/inbox/authority.ts'
import type { ProviderRow, ProvidersAnswer } from '#shared/login-settings.ts'
import { presentProvider } from './present-login.ts'

const CALLBACK = '/login/oidc/callback'
const Text = z.string().trim().min(1).max(500)
const NewProvider = z.strictObject({
  name: Text,
  issuer: Text,
  client_id: Text,
  client_secret: z.string().min(1).max(2000).optional(),
  email_domains: z.array(z.string().max(300)).max(100).default([]),
})
const Id = z.object({ id: z.string().regex(/^\d{1,15}$/) })

/** OpenID providers of readers; a client secret goes in and never comes out. */
export function providerRoutes(app: App) {
  app.get('/app/login/providers', may('settings:read'), async (request): Promise<ProvidersAnswer> => {
    const { workspace } = atWorkOf(request)
    const [providers, hosts] = await Promise.all([listProviders(app.db, workspace), listHosts(app.db, workspace)])
    return { providers: providers.map(presentProvider), redirect_urls: hosts.map(({ origin }) => `${origin}${CALLBACK}`) }
  })

  const adding = { ...may('secrets:write'), preHandler: requireFreshPassword, schema: { body: NewProvider } }
  app.post('/app/login/providers', adding, async (request): Promise<ProviderRow> => {
    return presentProvider(await admitProvider(app.db, app.encryption, atWorkOf(request), { ...request.body, now: app.now() }))
  })

  app.delete('/app/login/providers/:id', { ...may('settings:write'), schema: { params: Id } }, async (request, reply) => {
    await dismissProvider(app.db, atWorkOf(request), Number(request.params.id), app.now())
    return reply.code(204).send()
  })
}
