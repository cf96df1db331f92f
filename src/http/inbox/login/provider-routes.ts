import { z } from 'zod'
import { Failure } from '#errors'
import { admitProvider, dismissProvider } from '#domain/login-settings/change-providers.ts'
import { checkProvider } from '#domain/openid/openid.ts'
import { ID_TOKEN_ALGORITHMS, listProviders, type IdTokenAlgorithm } from '#domain/openid/providers.ts'
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
    const id_token_alg = await askProvider(app, request.body)
    const provider = { ...request.body, id_token_alg, now: app.now() }
    return presentProvider(await admitProvider(app.db, app.encryption, atWorkOf(request), provider))
  })

  app.delete('/app/login/providers/:id', { ...may('settings:write'), schema: { params: Id } }, async (request, reply) => {
    await dismissProvider(app.db, atWorkOf(request), Number(request.params.id), app.now())
    return reply.code(204).send()
  })
}

/** Asked before it is kept: it answers, and signs in a way that is taken. Answers that way. */
async function askProvider({ httpClient }: App, { issuer, client_id }: z.output<typeof NewProvider>): Promise<IdTokenAlgorithm> {
  if (!URL.canParse(issuer)) throw refusal('This is not an address.')
  const checked = await checkProvider(httpClient, { issuer, client_id })
  if (!checked.ok) throw refusal(`It cannot be asked. ${checked.detail}`)
  const algorithm = ID_TOKEN_ALGORITHMS.find((one) => checked.algorithms.includes(one))
  if (!algorithm) throw refusal(`It signs with ${checked.algorithms.join(', ')}; taken are ${ID_TOKEN_ALGORITHMS.join(', ')}.`)
  return algorithm
}

function refusal(detail: string): Failure {
  return new Failure('parameter_invalid', { field: 'issuer', detail })
}
