import { ask, doubtful, fine, unreached, unseen, wrong, type Finding, type Look } from './findings.ts'
import { compareSites } from './same-site.ts'

/** A token may be this far off before it is refused. */
const LEEWAY_MS = 60_000
const NOTICEABLE_MS = 20_000

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

export function judgeSite({ app, host }: Look): Finding[] {
  if (app === undefined) return []
  const { isSameSite, code, evidence } = compareSites(app, host)
  return [isSameSite || code === null ? fine('site', evidence) : wrong('site', code, evidence)]
}

/** Compares the app's `Date` with Latchkey's clock, and that with this machine's. */
export async function lookAtClocks(look: Look, latchkeyAt: number): Promise<Finding[]> {
  const here = latchkeyAt - look.now()
  const own =
    Math.abs(here) > LEEWAY_MS / 2
      ? [doubtful('clock', 'support_clock_off', `Latchkey’s clock is ${span(here)} ${here > 0 ? 'ahead of' : 'behind'} this machine’s.`)]
      : []
  if (look.app === undefined) return own.length > 0 ? own : [fine('clock', 'Latchkey’s clock and this machine’s agree.')]
  const asked = look.now()
  const answered = await ask(look, look.app)
  if (!answered.ok) return [...own, unreached('clock', answered)]
  const date = Date.parse(answered.headers['date'] ?? '')
  if (Number.isNaN(date)) return [...own, unseen('clock', `${new URL(look.app).origin} sends no Date header.`)]
  // Date is cut to whole seconds.
  const ahead = date + 500 - (asked + here)
  return [...own, judgeAppClock(new URL(look.app).origin, ahead)]
}

export function judgeAppClock(origin: string, ahead: number): Finding {
  const evidence = `The Date header of ${origin} is ${span(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} Latchkey’s clock.`
  const code = ahead > 0 ? 'app_clock_ahead' : 'app_clock_behind'
  if (Math.abs(ahead) > LEEWAY_MS) return wrong('clock', code, evidence)
  if (Math.abs(ahead) > NOTICEABLE_MS) return doubtful('clock', code, evidence)
  return fine('clock', `The Date header of ${origin} agrees with Latchkey’s clock.`)
}

/** "10 minutes", "45 seconds". */
export function span(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000)
  const [count, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [Math.round(seconds / 60), 'minute'] : [Math.round(seconds / 3600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
