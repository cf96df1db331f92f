import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSetUp } from '#domain/installation/first-owner.ts'
import type { App } from '#http/app-types.ts'
import { favicon } from '#http/html/icons.ts'
import { assetRoutes, readBundle } from '#http/middleware/assets.ts'
import { html } from '#platform/html/html.ts'
import { documentHead, sendDocument } from './front-page.ts'
import { presentAtWork } from './present-team.ts'

const BRAND = '#2f6f5e'
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

/** The app's one document; what it shows beside the address comes from `/app`. */
export function shellRoutes(app: App) {
  const bundle = readBundle('inbox')

  // The support hosts have a start page too, so this one is bound to its host.
  const { host } = new URL(app.config.teamUrl)
  app.get('/', { config: { page: true }, constraints: { host } }, async (request, reply) => {
    if (request.atWork) return reply.redirect('/settings', 303)
    return reply.redirect((await isSetUp(app.db)) ? '/sign-in' : '/setup', 303)
  })

  const shell = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?', 1)
    if (!request.atWork) return reply.redirect(`/sign-in?next=${encodeURIComponent(path)}`, 303)
    const head = html`<script type="module" src="${bundle.script}"></script>`
    const page = html`${documentHead(request, { locale: 'en', title: request.atWork.workspace.name, head })}
<body data-at-work="${JSON.stringify(presentAtWork(request.atWork))}"><noscript><p class="needs-script">The teammates’ app needs JavaScript.</p></noscript></body></html>
`
    return sendDocument(reply.header('content-security-policy', POLICY), page)
  }
  app.get('/settings', { config: { page: true } }, shell)
  app.get('/settings/*', { config: { page: true } }, shell)

  assetRoutes(app, bundle.all)
  app.get('/team/favicon.svg', { config: { isStatic: true } }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(favicon(BRAND)),
  )
}
