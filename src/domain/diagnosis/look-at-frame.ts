import { ask, fine, unreached, wrong, type Finding, type Look } from './findings.ts'

/** Whether a page of the app may show the Messenger's frame: Latchkey lists the origins, and a proxy may forbid what it allows. */
export async function lookAtFrame(look: Look): Promise<Finding> {
  const answered = await ask(look, `${look.host}/messenger/frame`)
  if (!answered.ok) return unreached('frame', answered)
  const app = new URL(look.app ?? look.host)
  const framers = listFramers(answered.headers['content-security-policy'] ?? '')
  const closed = framers.find((sources) => !sources.split(/\s+/).some((source) => isMeant(source, app, look.host)))
  if (closed !== undefined)
    return wrong('frame', 'frame_forbidden', `/messenger/frame arrived with frame-ancestors ${closed.slice(0, 80)}.`)
  // A browser that finds frame-ancestors does not look at the older header (CSP Level 3 §6.4.2.1).
  const options = answered.headers['x-frame-options']
  if (framers.length === 0 && options !== undefined)
    return wrong('frame', 'frame_forbidden', `/messenger/frame arrived with X-Frame-Options: ${options.slice(0, 40)}.`)
  return fine('frame', `/messenger/frame may be shown by ${app.origin}.`)
}

/** Of each policy that has the directive; every one of them must allow the page. */
function listFramers(policies: string): string[] {
  const directives = policies.split(',').map((policy) => policy.split(';').map((directive) => directive.trim()))
  return directives.flatMap(
    (policy) => /^frame-ancestors\s+(.*)$/i.exec(policy.find((one) => /^frame-ancestors\s/i.test(one)) ?? '')?.[1] ?? [],
  )
}

/** A source list's words (CSP Level 3 §2.3.1), as far as they name origins. */
function isMeant(source: string, app: URL, host: string): boolean {
  if (source === '*' || source === app.protocol || source === app.origin) return true
  if (source.toLowerCase() === "'self'") return app.origin === host
  const [, scheme = app.protocol, domain = ''] = /^(?:(https?:)\/\/)?\*\.(.+)$/i.exec(source) ?? []
  return domain !== '' && scheme === app.protocol && app.host.endsWith(`.${domain}`)
}
