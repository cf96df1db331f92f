import type { BootProbeAnswer } from '#shared/diagnosis.ts'
import { docsOf, explain } from '#domain/diagnosis/lines.ts'
import { compareSites } from '#domain/diagnosis/same-site.ts'
import { readCookie } from '#http/middleware/cookies.ts'
import { fromListedOrigin } from '#http/middleware/listed-origin.ts'
import type { App } from '#http/app-types.ts'

/** Asked by a page right after a boot: did the cookie come back? If not, what is the likely cause. */
export async function bootProbeRoutes(app: App) {
  app.get('/messenger/probe', { onRequest: fromListedOrigin }, async (request, reply): Promise<BootProbeAnswer> => {
    reply.header('cache-control', 'private, no-store')
    const { supportHost, workspace } = request
    const { origin = supportHost.origin } = request.headers
    const site = compareSites(origin, supportHost.origin)
    const hasArrived = readCookie(request, 'probe') !== undefined || readCookie(request, 'session') !== undefined
    if (hasArrived) return { cookie: 'arrived', code: null, sentence: null, cure: null, docs: docsOf('cookie') }
    const isBrowserOnOneSite = site.isSameSite && request.headers['sec-fetch-site'] !== undefined && request.origins.has(origin)
    if (isBrowserOnOneSite)
      app.sightings.add({ workspace_id: workspace.id, kind: 'cookie_lost', host: supportHost.host, origin, at: app.now() })
    const code = site.code ?? 'cookie_not_returned'
    return { cookie: 'missing', code, ...explain(code), docs: docsOf(site.code === null ? 'cookie' : 'site') }
  })
}
