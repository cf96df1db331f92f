import type { FastifyReply, FastifyRequest } from 'fastify'
import { WHOLE_LIFE } from '#domain/sessions/sessions.ts'
import type { Host } from '#domain/workspaces/workspaces.ts'

/** session: who this browser is · state: our side of a sign-in bounce · bounces: how many there were lately · continue: a login that waits · paused: signed out by hand, see `pause.ts` · probe: proves that cookies pass · embedded: who this browser is to the Messenger on pages of another site. */
export type CookieUse = 'session' | 'state' | 'bounces' | 'continue' | 'paused' | 'probe' | 'embedded'

const NAMES: Record<CookieUse, string> = {
  session: 'latchkey',
  state: 'latchkey-state',
  bounces: 'latchkey-bounces',
  continue: 'latchkey-continue',
  paused: 'latchkey-paused',
  probe: 'latchkey-probe',
  embedded: 'latchkey-embedded',
}

const USES: readonly CookieUse[] = ['session', 'state', 'bounces', 'continue', 'paused', 'probe', 'embedded']
const SESSION_SECONDS = WHOLE_LIFE / 1000

/** `__Host-` where the host is served over https; plain http (localhost) cannot set that prefix in every browser. */
export function cookieName(host: Host, use: CookieUse): string {
  return isSecure(host) ? `__Host-${NAMES[use]}` : NAMES[use]
}

/** The cookie's value; undefined if it is missing or came twice (a sibling host may have planted one). */
export function readCookie(request: FastifyRequest, use: CookieUse): string | undefined {
  return findCookie(request, cookieName(request.supportHost, use))
}

export function findCookie(request: FastifyRequest, name: string): string | undefined {
  const found = listCookies(request, name)
  return found.length === 1 && found[0] !== '' ? found[0] : undefined
}

/** Every value that came under this name. */
export function listCookies(request: FastifyRequest, name: string): readonly string[] {
  request.cookies ??= parseCookies(request.headers.cookie ?? '')
  return request.cookies.get(name) ?? NONE
}

const NONE: readonly string[] = []

/** Whether the browser sent any cookie of ours, so that it keeps them. */
export function sentCookies(request: FastifyRequest): boolean {
  return USES.some((use) => listCookies(request, cookieName(request.supportHost, use)).length > 0)
}

function parseCookies(header: string): Map<string, string[]> {
  const cookies = new Map<string, string[]>()
  for (const text of header.split(';')) {
    // Only what RFC 6265 calls white space may go: a browser does not see the prefix of a name that begins with anything else.
    const pair = withoutSpace(text)
    const end = pair.indexOf('=')
    if (end === -1) continue
    const name = pair.slice(0, end)
    const values = cookies.get(name)
    if (values) values.push(pair.slice(end + 1))
    else cookies.set(name, [pair.slice(end + 1)])
  }
  return cookies
}

/** Looks at each character once, which the usual pattern does not where spaces are many and inside. */
function withoutSpace(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isSpace(text[from])) from += 1
  while (to > from && isSpace(text[to - 1])) to -= 1
  return text.slice(from, to)
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/** `value` is base64url or a digit; `maxAge` in seconds. */
export function setCookie(reply: FastifyReply, use: CookieUse, value: string, maxAge: number): void {
  reply.header('set-cookie', cookieText(reply.request.supportHost, use, { value, maxAge }))
  reply.header('cache-control', 'private, no-store')
}

function cookieText(host: Host, use: CookieUse, { value, maxAge }: { value: string; maxAge: number }): string {
  const secure = isSecure(host) ? '; Secure' : ''
  // Partitioned (CHIPS): kept apart for each site that embeds the Messenger, so it follows nobody from one to the next.
  const site = use === 'embedded' ? 'None; Partitioned' : 'Lax'
  return `${cookieName(host, use)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${site}${secure}`
}

/** Kept for as long as any session can last; when it ends, the server says. */
export function setSessionCookie(reply: FastifyReply, secret: string): void {
  setCookie(reply, 'session', secret, SESSION_SECONDS)
}

/** The same as text. */
export function sessionCookie(host: Host, secret: string): string {
  return cookieText(host, 'session', { value: secret, maxAge: SESSION_SECONDS })
}

export function clearCookie(reply: FastifyReply, use: CookieUse): void {
  setCookie(reply, use, '', 0)
}

function isSecure(host: Host): boolean {
  return host.origin.startsWith('https:')
}
