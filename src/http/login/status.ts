import type { FastifyRequest } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { publicCode, type ErrorCode } from '#errors'
import { findProbe, type Probe } from '#domain/diagnosis/probes.ts'
import { isVouchedFor } from '#domain/sessions/sessions.ts'
import { judgeStanding, type Standing } from '#domain/diagnosis/standing.ts'
import { cookieName, readCookie, type CookieUse } from '#http/middleware/cookies.ts'
import { isPaused } from '#http/middleware/pause.ts'
import type { App } from '#http/app-types.ts'
import { statusPage } from './status-page.ts'

const USES: CookieUse[] = ['session', 'probe', 'state', 'continue', 'paused']

/** What this browser is to this host; of nobody else, and with precise codes in test mode only. */
export interface BrowserStatus {
  type: 'login.status'
  host: string
  app_id: string
  signed_in: boolean
  because: Standing
  person: { user_id: string | null; name: string | null; email: string | null } | null
  session: { kind: string; door: string; since: Instant; last_seen_at: Instant; ends_at: Instant } | null
  /** Our cookies as they arrived. */
  cookies: { name: string; times: number }[]
  /** The boot whose probe cookie came back with this request. */
  probe: { origin: string; set_at: Instant } | null
  last_attempt: { outcome: string; code: string | null; at: Instant } | null
}

export async function statusRoutes(app: App) {
  app.get('/login/status', { config: { page: true } }, async (request, reply) => {
    const status = await readStatus(request)
    reply.header('cache-control', 'private, no-store')
    return request.headers.accept?.includes('application/json') ? status : statusPage(request, reply, status)
  })
}

async function readStatus(request: FastifyRequest): Promise<BrowserStatus> {
  const { session, workspace, supportHost } = request
  const probe = await probeOf(request)
  const cookies = cookiesOf(request)
  const name = cookieName(supportHost, 'session')
  const sessionCookies = cookies.find((cookie) => cookie.name === name)?.times ?? 0
  const because = judgeStanding({ session, sessionCookies, isPaused: await isPaused(request), probe })
  const contact = session && isVouchedFor(session) ? session.contact : null
  return {
    type: 'login.status',
    host: supportHost.origin,
    app_id: workspace.app_id,
    signed_in: contact !== null,
    because,
    person: contact && { user_id: contact.external_id, name: contact.name, email: contact.email },
    session: session && {
      kind: session.kind,
      door: session.door,
      since: session.created_at,
      last_seen_at: session.last_seen_at,
      ends_at: Math.min(session.expires_at, session.ends_at),
    },
    cookies,
    probe: probe ? { origin: probe.origin, set_at: probe.set_at } : null,
    last_attempt: probe ? presentAttempt(request, probe) : null,
  }
}

/** What a boot has just noted is written first. */
async function probeOf(request: FastifyRequest): Promise<Probe | undefined> {
  const reference = readCookie(request, 'probe')
  if (reference === undefined) return undefined
  await request.server.probes.flush()
  return findProbe(request.server.db, request.workspace, reference)
}

function presentAttempt({ workspace }: FastifyRequest, { last_outcome, last_code, last_at }: Probe): BrowserStatus['last_attempt'] {
  const code = last_code as ErrorCode | null
  return { outcome: last_outcome, code: code === null || workspace.test_mode === 1 ? code : publicCode(code), at: last_at }
}

function cookiesOf({ headers, supportHost }: FastifyRequest): BrowserStatus['cookies'] {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return USES.map((use) => cookieName(supportHost, use))
    .map((name) => ({ name, times: pairs.filter((pair) => pair.startsWith(`${name}=`)).length }))
    .filter(({ times }) => times > 0)
}
