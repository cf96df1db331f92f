import { lookup as resolve } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { isAllowedAddress, readNetwork, type Network } from './addresses.ts'
import { faultOf, OutgoingFailure, type Fault } from './faults.ts'

const MAX_BYTES = 64 * 1024
const TIMEOUT_MS = 10_000
const PORTS = [80, 443]
/** Firewalls turn away who does not say what it is; an answer that is not compressed cannot grow. */
const ALWAYS = { 'user-agent': 'Latchkey', 'accept-encoding': 'identity' }

export interface HttpAnswer {
  ok: true
  status: number
  /** By lower-case name; values of a repeated name are joined with a comma. */
  headers: Record<string, string>
  body: Buffer
  /** The IP address that answered. */
  address: string
}

/** Why nothing came back; `detail` is a sentence for whoever entered the address. */
export interface HttpFault {
  ok: false
  fault: Fault
  detail: string
}

export interface HttpQuestion {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** The most bytes of body to take, 64 kB unless told otherwise. */
  maxBytes?: number
  /** From the name's resolution to the last byte, 10 seconds unless told otherwise. */
  timeoutMs?: number
  /** `refuse` (the default) makes a redirect a fault, `report` hands it over as any other answer. None is ever followed. */
  redirect?: 'refuse' | 'report'
}

/** The one way out to addresses that somebody typed. Faults of the outside world are answers, not exceptions. */
export interface HttpClient {
  fetch(url: string | URL, question?: HttpQuestion): Promise<HttpAnswer | HttpFault>
}

export type Lookup = (hostname: string) => Promise<readonly { address: string; family: number }[]>

export interface HttpClientRules {
  /** Networks (CIDR) that may be asked although they are not public. */
  allow: readonly string[]
  /** Ports besides 80 and 443. */
  ports?: readonly number[]
  lookup?: Lookup
}

export function openHttpClient({ allow, ports = [], lookup = lookupAll }: HttpClientRules): HttpClient {
  const rules = { allowed: allow.map(readNetwork), ports: new Set([...PORTS, ...ports]), lookup }
  return {
    async fetch(address, question = {}) {
      const signal = AbortSignal.timeout(question.timeoutMs ?? TIMEOUT_MS)
      try {
        const url = readUrl(address, rules.ports)
        const checked = await beforeAbort(checkAddresses(url, rules), signal)
        return await ask(url, question, { checked, signal })
      } catch (error) {
        return { ok: false, ...faultOf(error, signal) }
      }
    },
  }
}

const lookupAll: Lookup = (hostname) => resolve(hostname, { all: true, order: 'verbatim' })

function readUrl(address: string | URL, ports: ReadonlySet<number>): URL {
  const url = URL.parse(String(address))
  if (!url) throw new OutgoingFailure('url_not_allowed', 'This is not an address.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new OutgoingFailure('url_not_allowed', 'Only http and https addresses are asked.')
  if (url.username !== '' || url.password !== '')
    throw new OutgoingFailure('url_not_allowed', 'The address must not hold a user name or a password.')
  if (!ports.has(portOf(url))) throw new OutgoingFailure('url_not_allowed', `Port ${portOf(url)} is not asked.`)
  return url
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** A literal IP address never reaches a socket's own lookup, so it is checked here as well. */
async function checkAddresses(
  url: URL,
  { allowed, lookup }: { allowed: readonly Network[]; lookup: Lookup },
): Promise<readonly { address: string; family: number }[]> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(hostname)
  const found = family === 0 ? await lookup(hostname) : [{ address: hostname, family }]
  if (found.length === 0) throw new OutgoingFailure('dns', `${hostname} has no address.`)
  const bad = found.find(({ address }) => !isAllowedAddress(address, allowed))
  if (bad) throw new OutgoingFailure('address_not_allowed', `${hostname} leads to ${bad.address}, which is not a public address.`)
  return found
}

/** One connection for one question, to one of the addresses that were checked and to no other. */
async function ask(
  url: URL,
  { method = 'GET', headers, body, maxBytes = MAX_BYTES, redirect = 'refuse' }: HttpQuestion,
  { checked, signal }: { checked: readonly { address: string; family: number }[]; signal: AbortSignal },
): Promise<HttpAnswer> {
  // Most installations ask nobody for days: it is loaded when it is needed.
  const { buildConnector, Client } = await import('undici')
  let address = ''
  const connect = buildConnector({ timeout: 0, allowH2: false, lookup: alwaysAnswer(checked), rejectUnauthorized: true })
  const client = new Client(url.origin, {
    connect: (options, done) =>
      connect(options, (...result) => {
        address = result[1]?.remoteAddress ?? ''
        done(...result)
      }),
    pipelining: 0,
    maxResponseSize: maxBytes,
  })
  try {
    const answer = await client.request({
      path: url.pathname + url.search,
      method,
      headers: { ...ALWAYS, ...headers },
      body: body ?? null,
      signal,
    })
    if (redirect === 'refuse' && answer.statusCode >= 300 && answer.statusCode < 400 && answer.statusCode !== 304)
      throw new OutgoingFailure('redirect', `It redirects (${answer.statusCode}) to ${String(answer.headers['location'] ?? 'nowhere')}.`)
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    return { ok: true, status: answer.statusCode, headers: flat(answer.headers), body: bytes, address }
  } finally {
    await client.destroy()
  }
}

function alwaysAnswer(checked: readonly { address: string; family: number }[]): LookupFunction {
  return (_hostname, { all }, done) => {
    const [first] = checked
    if (all) done(null, [...checked])
    else done(null, first?.address ?? '', first?.family)
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value]))
}

/** A resolver cannot be interrupted, only left behind. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
