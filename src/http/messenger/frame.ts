import type { App } from '#http/app-types.ts'
import { assetRoutes, readBundle } from '#http/middleware/assets.ts'
import { html } from '#platform/html/html.ts'

/** The Messenger's own document: the only page that may be framed, and only by listed origins. */
export async function frameRoutes(app: App) {
  const assets = readBundle('messenger')
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Messenger</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
${assets.styles.map((style) => html`<link rel="stylesheet" href="${style}">`)}
<script type="module" src="${assets.script}"></script></head><body></body></html>
`.text
  app.get('/messenger/frame', { config: { isStatic: true } }, (request, reply) => {
    const framers = [request.supportHost.origin, ...request.origins].join(' ')
    return reply
      .header(
        'content-security-policy',
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types latchkey; frame-ancestors ${framers}`,
      )
      .header('cross-origin-opener-policy', 'unsafe-none')
      .header('referrer-policy', 'strict-origin')
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(document)
  })
  assetRoutes(app, assets.all)
}
