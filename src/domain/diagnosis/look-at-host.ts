import type { ProbeAnswer } from '#shared/diagnosis.ts'
import { newSecret } from '#platform/ids/ids.ts'
import { ask, doubtful, fine, unreached, unseen, wrong, type Answered, type Finding, type Look } from './findings.ts'

const LONG = 6000

/** Asks the support host what of a request arrives; each time under another address, so that no cache answers. */
export function askProbe(look: Look, headers: Record<string, string> = {}, nonce = newSecret()): Promise<Answered> {
  return ask(look, `${look.host}/login/probe?${new URLSearchParams({ host: new URL(look.host).host, nonce }).toString()}`, { headers })
}

export function readProbe(answered: Answered): ProbeAnswer | undefined {
  if (!answered.ok || !/json/.test(answered.headers['content-type'] ?? '')) return undefined
  try {
    const answer = JSON.parse(answered.body.toString()) as ProbeAnswer
    return answer.type === 'login.probe' ? answer : undefined
  } catch {
    return undefined
  }
}

/** Name, certificate, and whether it is Latchkey that answers for this very host. */
export function judgeHost({ host }: Look, answered: Answered): Finding[] {
  if (!answered.ok) return [unreached('name', answered)]
  const reached = [fine('name', `${new URL(host).host} answers (${answered.address}).`)]
  if (host.startsWith('https:')) reached.push(fine('certificate', 'The TLS connection is trusted.'))
  return [...reached, judgeLatchkey(host, answered, readProbe(answered))]
}

function judgeLatchkey(host: string, answered: Answered & { ok: true }, probe: ProbeAnswer | undefined): Finding {
  if (!probe) return judgeStranger(host, answered)
  if (!probe.host_matches) return wrong('latchkey', 'host_replaced', `Asked for ${new URL(host).host}, Latchkey saw another Host header.`)
  if (probe.origin === null) return wrong('latchkey', 'host_unknown', `The Host header ${new URL(host).host} arrived and is nobody’s.`)
  if (probe.origin !== host) return wrong('latchkey', 'address_differs', `It is reached as ${host} and configured as ${probe.origin}.`)
  return fine('latchkey', `It is configured as ${probe.origin}.`)
}

/** Whoever answers instead of the probe. */
function judgeStranger(host: string, { status, headers }: Answered & { ok: true }): Finding {
  const { location, server } = headers
  const said = `/login/probe was answered with status ${status}${server === undefined ? '' : ` by ${server.slice(0, 40)}`}.`
  if (status === 429) return unseen('latchkey', 'It was asked too often. Ask again in a minute.')
  if (status >= 502 && status <= 504) return wrong('latchkey', 'upstream_not_reached', said)
  const asks = headers['www-authenticate'] === undefined ? '' : ' It asks for a password of its own.'
  const tests = headers['cf-mitigated'] === undefined ? '' : ' It is a challenge that only people pass: switch it off for this host.'
  if (location === undefined) return wrong('latchkey', 'not_latchkey', said + asks + tests)
  const target = URL.parse(location, host)
  if (target?.hostname === new URL(host).hostname && target.pathname === '/login/probe')
    return wrong('latchkey', 'address_differs', `${host} redirects (${status}) to ${target.origin}.`)
  return wrong('latchkey', 'not_latchkey', `/login/probe was redirected (${status}) to ${location.slice(0, 200)}.`)
}

/** Plain http, for hosts on the usual ports. */
export async function lookAtRedirect(look: Look): Promise<Finding[]> {
  const url = new URL(look.host)
  if (url.protocol !== 'https:' || url.port !== '') return []
  const answered = await ask(look, `http://${url.host}/`)
  if (!answered.ok) return [fine('redirect', 'Plain http is not answered at all.')]
  const target = URL.parse(answered.headers['location'] ?? '', `http://${url.host}`)
  if (answered.status >= 300 && answered.status < 400 && target?.protocol === 'https:')
    return [fine('redirect', `http://${url.host}/ leads to ${target.origin} (${answered.status}).`)]
  return [
    { ...wrong('redirect', 'http_not_redirected', `http://${url.host}/ was answered with status ${answered.status}.`), state: 'warn' },
  ]
}

export async function lookAtLoader(look: Look): Promise<Finding[]> {
  const answered = await ask(look, `${look.host}/messenger.js`)
  if (!answered.ok) return [unreached('loader', answered)]
  const type = answered.headers['content-type'] ?? 'none'
  // A cache that ignores Vary may answer compressed; it is found by other means.
  const isReadable = answered.headers['content-encoding'] === undefined
  const isLoader = answered.status === 200 && type.startsWith('text/javascript') && (!isReadable || answered.body.includes('/messenger/'))
  if (isLoader) return [fine('loader', `/messenger.js arrives, ${answered.body.length} bytes.`)]
  return [wrong('loader', 'loader_not_served', `/messenger.js was answered with status ${answered.status}, type ${type}.`)]
}

/** Query strings at all, and long ones: a token in an address has up to 6 kB. */
export async function lookAtAddresses(look: Look, first: ProbeAnswer): Promise<Finding> {
  if (!first.query_arrived) return wrong('address', 'query_dropped', '/login/probe was asked with a query string, and none arrived.')
  const answered = await askProbe(look, {}, 'x'.repeat(LONG))
  if (readProbe(answered)) return fine('address', 'A query string of 6 kB arrived.')
  const what = answered.ok ? `answered with status ${answered.status}` : `not answered: ${answered.detail}`
  return doubtful('address', 'long_address_refused', `A query string of 6 kB was ${what}.`)
}

export function judgeTrust(probe: ProbeAnswer): Finding[] {
  if (!probe.proxy_not_trusted) return []
  return [doubtful('trust', 'proxy_not_trusted', 'X-Forwarded-For arrived from an address that is not in LATCHKEY_TRUSTED_PROXIES.')]
}
