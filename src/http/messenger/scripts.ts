import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { App } from '#http/app-types.ts'
import { keepForEver, readAsset, sendAsset, type Asset } from '#http/middleware/assets.ts'

/** The loader, under our own name and under the one that pages written for the original service ask for. */
export async function scriptRoutes(app: App) {
  const loader = readAsset('messenger.js')
  const live = readAsset('messenger-live.js')
  const panel = readAsset('messenger-panel.js')
  const diagnosis = readAsset('messenger-diagnosis.js')
  const isStatic = { config: { isStatic: true } }
  app.get('/messenger.js', isStatic, (request, reply) => sendAsset(request, forAnyPage(reply), loader))
  app.get(pinnedPath(loader), isStatic, (request, reply) => sendAsset(request, keepForEver(forAnyPage(reply)), loader))
  app.get('/messenger-live.js', isStatic, (request, reply) => sendAsset(request, forAnyPage(reply), live))
  app.get('/messenger-panel.js', isStatic, (request, reply) => sendAsset(request, forAnyPage(reply), panel))
  app.get('/messenger-diagnosis.js', isStatic, (request, reply) => sendAsset(request, forAnyPage(reply), diagnosis))
  app.get('/widget/:app_id', { ...isStatic, schema: { params: z.object({ app_id: z.string() }) } }, (request, reply) => {
    if (request.params.app_id === request.workspace.app_id) return sendAsset(request, forAnyPage(reply), loader)
    const text =
      'console.error("Latchkey: this support host serves another app_id. Load the script from the host of your own workspace, with its own app_id.")\n'
    return forAnyPage(reply).code(404).header('cache-control', 'no-cache').type('text/javascript; charset=utf-8').send(text)
  })
}

/** Where this very build of the loader is, for pages that name its hash; a later build is not served there. */
export function pinnedPath({ hash }: Asset): string {
  return `/messenger-${hash}.js`
}

function forAnyPage(reply: FastifyReply): FastifyReply {
  return reply
    .header('cache-control', 'public, max-age=300')
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
}
