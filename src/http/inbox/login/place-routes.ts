import { z } from 'zod'
import { Failure } from '#errors'
import { dropHost, preferHost, tryProof, wantHost } from '#domain/login-settings/change-hosts.ts'
import { listOrigin, unlistOrigin } from '#domain/login-settings/change-login.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may } from '#http/inbox/authority.ts'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import type { HostRow } from '#shared/login-settings.ts'
import { presentHost } from './present-login.ts'
import { proofSourcesOf } from './proof-sources.ts'

const CHECKS_PER_MINUTE = 20
const Address = z.string().trim().min(1).max(2000)
const Part = z.string().min(1).max(300)

/** Where logins come from and where they lead: listed origins and support hosts. */
export function placeRoutes(app: App) {
  const checks = minuteLimit(CHECKS_PER_MINUTE)
  const write = may('settings:write')

  app.post('/app/login/origins', { ...write, schema: { body: z.strictObject({ origin: Address }) } }, async (request) => {
    return { origin: await listOrigin(app.db, atWorkOf(request), request.body.origin, app.now()) }
  })

  app.delete('/app/login/origins/:origin', { ...write, schema: { params: z.object({ origin: Part }) } }, async (request, reply) => {
    await unlistOrigin(app.db, atWorkOf(request), request.params.origin, app.now())
    return reply.code(204).send()
  })

  app.post('/app/login/hosts', { ...write, schema: { body: z.strictObject({ address: Address }) } }, async (request): Promise<HostRow> => {
    const { address } = request.body
    if (URL.parse(address)?.host === new URL(app.config.teamUrl).host)
      throw new Failure('parameter_invalid', { field: 'address', detail: 'This is the teammates’ own host; customers need another name.' })
    return presentHost(await wantHost(app.db, atWorkOf(request), address, app.now()))
  })

  const ByHost = z.object({ host: Part })
  app.delete('/app/login/hosts/:host', { ...write, schema: { params: ByHost } }, async (request, reply) => {
    await dropHost(app.db, atWorkOf(request), request.params.host, app.now())
    return reply.code(204).send()
  })

  app.put('/app/login/hosts/:host/primary', { ...write, schema: { params: ByHost } }, async (request, reply) => {
    await preferHost(app.db, atWorkOf(request), request.params.host, app.now())
    return reply.code(204).send()
  })

  app.post('/app/login/hosts/:host/checks', { ...write, schema: { params: ByHost } }, async (request): Promise<HostRow> => {
    const actor = atWorkOf(request)
    checks.count(actor.workspace.id, app.now())
    return presentHost(await tryProof(app.db, actor, request.params.host, { sources: proofSourcesOf(app), now: app.now() }))
  })
}
