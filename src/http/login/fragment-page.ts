import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from '#platform/html/html.ts'
import { keepForEver, readAsset, sendAsset } from '#http/middleware/assets.ts'
import { messagePage, requestLocale, signInPath } from '#http/html/layout.ts'
import { hasWayIn } from '#http/html/ways-in.ts'
import type { App } from '#http/app-types.ts'
import { loginStrings } from './login-strings.ts'

/**
 * Door 2 with the token behind the `#`: only the browser can read it, so the page's script clears the address and posts the form.
 * That post proves nothing: anybody can link to this page with a token of their own behind the `#`.
 */
export async function openFragmentPage(app: App) {
  const script = readAsset('login-fragment.js')
  const path = `/assets/login-fragment.${script.etag.replaceAll(/[^\w-]/g, '')}.js`
  app.get(path, { config: { isStatic: true } }, (request, reply) => sendAsset(request, keepForEver(reply), script))
  return (request: FastifyRequest, reply: FastifyReply) => fragmentPage(request, reply, path)
}

function fragmentPage(request: FastifyRequest, reply: FastifyReply, script: string): FastifyReply {
  const locale = requestLocale(request)
  const strings = loginStrings(locale)
  const { href, label } = hasWayIn(request)
    ? { href: signInPath('/'), label: strings.sign_in }
    : { href: `/${locale}`, label: strings.start_page }
  // What is late is shown unless the script has gone on by then: it may be off, blocked, or lost on the way.
  const body = html`<script src="${script}" defer></script>
<p class="late" data-without-script>${strings.fragment_needs_script}</p>
<p data-without-token hidden>${strings.fragment_empty}</p>
<p class="late"><a class="button" href="${href}" rel="nofollow">${label}</a></p>`
  return messagePage(request, reply, { status: 200, title: strings.sign_in, body, locale })
}
