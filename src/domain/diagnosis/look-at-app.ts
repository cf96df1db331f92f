import { ask, fine, unreached, unseen, wrong, type Finding, type Look } from './findings.ts'
import { judgeAppClock, judgeOwnClock } from './judge-clock.ts'
import { compareSites } from './same-site.ts'

const LONG = 20_000

/** The request that a browser sends before a boot from the app. */
export async function lookAtPreflight(look: Look): Promise<Finding[]> {
  if (look.app === undefined) return []
  const { origin } = new URL(look.app)
  const asking = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const answered = await ask(look, `${look.host}/messenger/boot`, { method: 'OPTIONS', headers: asking })
  if (!answered.ok) return [unreached('preflight', answered)]
  if (answered.body.includes('origin_not_allowed')) return [wrong('preflight', 'origin_not_listed', `${origin} was refused.`)]
  const allowed = answered.headers['access-control-allow-origin']
  const isAnswered = answered.status < 300 && allowed === origin && answered.headers['access-control-allow-credentials'] === 'true'
  if (isAnswered) return [fine('preflight', `${origin} may boot.`)]
  return [
    wrong(
      'preflight',
      'cors_headers_dropped',
      `OPTIONS /messenger/boot was answered with status ${answered.status} and Access-Control-Allow-Origin: ${allowed ?? 'none'}.`,
    ),
  ]
}

/** A boot with nothing in it but length: Latchkey refuses it by name, and whoever else answers is in the way. */
export async function lookAtPost(look: Look): Promise<Finding> {
  const { origin } = new URL(look.app ?? look.host)
  const headers = { origin, 'content-type': 'application/json' }
  const answered = await ask(look, `${look.host}/messenger/boot`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ pad: 'x'.repeat(LONG) }),
  })
  if (!answered.ok) return unreached('post', answered)
  const isOurs = answered.body.includes('"error.list"')
  const allowed = answered.headers['access-control-allow-origin']
  if (!isOurs)
    return wrong('post', 'post_refused', `POST /messenger/boot was answered with status ${answered.status}, and not by Latchkey.`)
  const isForeign = look.app !== undefined && !answered.body.includes('origin_not_allowed') && origin !== look.host
  if (isForeign && allowed !== origin)
    return wrong('post', 'cors_headers_dropped', `POST /messenger/boot came with Access-Control-Allow-Origin: ${allowed ?? 'none'}.`)
  if (isForeign && answered.headers['access-control-allow-credentials'] !== 'true')
    return wrong('post', 'cors_headers_dropped', 'POST /messenger/boot came without Access-Control-Allow-Credentials: true.')
  return fine('post', 'A POST of 20 kB arrived.')
}

export function judgeSite({ app, host }: Look): Finding[] {
  if (app === undefined) return []
  const { isSameSite, code, evidence } = compareSites(app, host)
  return [isSameSite || code === null ? fine('site', evidence) : wrong('site', code, evidence)]
}

/** Compares the app's `Date` with Latchkey's clock, and that with this machine's. */
export async function lookAtClocks(look: Look, latchkeyAt: number): Promise<Finding[]> {
  const off = latchkeyAt - look.now()
  const own = judgeOwnClock(off)
  if (look.app === undefined) return [own]
  const { origin } = new URL(look.app)
  const asked = look.now()
  const answered = await ask(look, look.app)
  if (!answered.ok) return [own, { ...unreached('clock', answered), state: 'unknown', code: null }]
  const date = Date.parse(answered.headers['date'] ?? '')
  if (Number.isNaN(date)) return [own, unseen('clock', `${origin} sends no Date header.`)]
  // Date is cut to whole seconds.
  const app = judgeAppClock(origin, date + 500 - (asked + off))
  return own.state === 'ok' ? [app] : [own, app]
}
