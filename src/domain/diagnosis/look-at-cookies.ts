import type { ProbeAnswer } from '#shared/diagnosis.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import { ask, doubtful, fine, unreached, unseen, wrong, type Answered, type Finding, type Look } from './findings.ts'
import { askProbe, readProbe } from './look-at-host.ts'

/** `first` is the answer to a probe without a cookie. */
export function judgeSetCookie(first: Answered & { ok: true }, probe: ProbeAnswer): Finding {
  const { name, set } = probe.cookie
  if (set === null) return unseen('set_cookie', 'No cookie was set.')
  const [, value = '', attributes = ''] = new RegExp(`${name}=([^;,]*)([^,]*)`).exec(first.headers['set-cookie'] ?? '') ?? []
  const renamed = Array.from((first.headers['set-cookie'] ?? '').matchAll(/([\w-]+)=([\w-]+)/g)).find(
    ([, , other = '']) => hashOf(other) === set,
  )
  if (value === '' && renamed) return wrong('set_cookie', 'set_cookie_changed', `Set-Cookie: ${name} arrived under the name ${renamed[1]}.`)
  if (value === '') return wrong('set_cookie', 'set_cookie_dropped', `Latchkey sent Set-Cookie: ${name}; none arrived.`)
  const wanted = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(name.startsWith('__Host-') ? ['Secure'] : [])]
  const lacking = wanted.filter((word) => !new RegExp(`; *${word}(;|$)`, 'i').test(attributes))
  const added = /; *domain=/i.test(attributes) ? ['Domain was added'] : []
  const changes = [...lacking.map((word) => `${word} is gone`), ...added, ...(hashOf(value) === set ? [] : ['its value is another'])]
  if (changes.length > 0) return wrong('set_cookie', 'set_cookie_changed', `Set-Cookie: ${name} arrived, but ${changes.join(', ')}.`)
  return fine('set_cookie', `Set-Cookie: ${name} arrived with its attributes.`)
}

export async function lookAtCookie(look: Look, { cookie: { name } }: ProbeAnswer): Promise<Finding> {
  const value = newSecret()
  const answered = await askProbe(look, { cookie: `${name}=${value}` })
  if (!answered.ok) return unreached('cookie', answered)
  const back = readProbe(answered)
  if (back?.cookie.received === hashOf(value)) return fine('cookie', `Cookie: ${name} was sent, and Latchkey received it.`)
  return wrong('cookie', 'cookie_dropped', `Cookie: ${name} was sent, and Latchkey received none.`)
}

/** The same address twice: a nonce, or a request id, that comes twice was kept by somebody. */
export async function lookAtCaches(look: Look): Promise<Finding> {
  const nonce = newSecret()
  const probes = [await askProbe(look, {}, nonce), await askProbe(look, {}, nonce)]
  const nonces = probes.map((answered) => readProbe(answered)?.nonce)
  const signs = nonces[0] !== undefined && nonces[0] === nonces[1] ? ['/login/probe had the same nonce twice'] : []
  for (const path of await pagesOf(look)) signs.push(...(await signsOfCache(look, path)))
  const [sign] = signs
  return sign === undefined
    ? fine('cache', 'Every answer was made afresh.')
    : wrong('cache', 'pages_cached', `${signs.slice(0, 3).join('; ')}.`)
}

async function pagesOf(look: Look): Promise<string[]> {
  const start = await ask(look, `${look.host}/`)
  const target = start.ok ? URL.parse(start.headers['location'] ?? '/', look.host) : null
  const home = target?.origin === look.host ? [target.pathname] : []
  return [...new Set(['/', ...home, '/login/status'])]
}

async function signsOfCache(look: Look, path: string): Promise<string[]> {
  const answers = [await ask(look, look.host + path), await ask(look, look.host + path)].filter((answered) => answered.ok)
  const ids = answers.map(({ headers }) => headers['latchkey-request-id'])
  if (ids[0] !== undefined && ids[0] === ids[1]) return [`${path} had the same request id twice`]
  for (const { headers } of answers) {
    if (Number(headers['age']) > 0) return [`${path} came with Age: ${headers['age']}`]
    const hit = ['x-cache', 'x-cache-status', 'cf-cache-status', 'x-proxy-cache'].find((name) => /\bhit\b/i.test(headers[name] ?? ''))
    if (hit !== undefined) return [`${path} came with ${hit}: ${headers[hit]}`]
  }
  return []
}

const SENT: [name: string, value: RegExp][] = [
  ['cache-control', /^private, no-store$/],
  ['content-security-policy', /default-src 'none'/],
  ['x-content-type-options', /^nosniff$/],
  ['latchkey-request-id', /^[\w-]+$/],
]

export function judgeHeaders({ headers }: Answered & { ok: true }): Finding {
  const faults = SENT.flatMap(([name, value]) => {
    const arrived = headers[name]
    if (arrived === undefined) return [`${name} is gone`]
    return value.test(arrived) ? [] : [`${name} is “${arrived.slice(0, 80)}”`]
  })
  if (faults.length === 0) return fine('headers', `${SENT.map(([name]) => name).join(', ')} arrived.`)
  return doubtful('headers', 'headers_stripped', `${faults.join('; ')}.`)
}
