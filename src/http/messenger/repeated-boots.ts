import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { ageSince } from '#domain/diagnosis/token-clock.ts'
import type { Admission } from '#domain/identity/admit.ts'
import type { SigningKey } from '#domain/identity/keyring.ts'
import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import { readCookie, sessionCookie } from '#http/middleware/cookies.ts'
import { logDecision, type Decision } from '#http/middleware/decisions.ts'
import { noteUse } from '#http/middleware/resume-session.ts'
import { sendTogether } from '#http/middleware/send-together.ts'
import { keepUntil } from '#platform/database/kept.ts'

const BOOT = '/messenger/boot'
const KEPT_BROWSERS = 5000
/** Whatever happens, a boot is judged anew after this time. */
const KEPT_MS = 60_000
const LONGEST_BODY = 16_384

/** How a browser's last boot was answered, if its token was good and it changed nothing. */
interface Answered {
  /** SHA-256 of the body. */
  said: string
  at: Instant
  /** When the token or the session is over. */
  until: Instant
  workspace: Workspace
  supportHost: Host
  session: StandingSession
  keys: readonly SigningKey[]
  decision: Decision
  /** The token's `iat`. */
  issued: unknown
  /** But for the cookie, which is the browser's secret. */
  head: Record<string, string | number | string[] | undefined>
  text: string
}

/** By SHA-256 of what a browser sends along. Whatever a boot reads is named here, or compared by `holds`. */
const answered = keepUntil<string, Answered>(
  [
    ...['workspaces', 'hosts', '+hosts', 'origins', '+origins', 'sessions', 'contacts', 'used_tokens', '+used_tokens'],
    ...['conversations', '+conversations', 'conversation_parts', '+conversation_parts'],
  ],
  KEPT_BROWSERS,
)

/** A boot that may be such, or come again. */
interface UnderWay {
  browser: string
  /** Before anything was read. */
  version: number
  body: Buffer
  decided?: Pick<Answered, 'at' | 'until' | 'workspace' | 'supportHost' | 'session' | 'keys' | 'decision' | 'issued'>
}

const underWay = new WeakMap<FastifyRequest, UnderWay>()

/**
 * A page that loads again boots with the same words. While the session stands, and nothing changed that was looked at, it gets
 * the same answer before anything is looked at anew; it is logged, and its session used, like any other. The first hook of all,
 * so that it costs little more than the bytes.
 */
export function answerRepeatedBoot(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const browser = request.url === BOOT ? browserOf(request) : undefined
  if (browser === undefined) return done()
  const { db } = request.server
  const version = answered.version(db)
  readBody(request, (body) => {
    // Thrown in a stream's event, it would end the process.
    try {
      const last = answered.find(db, browser)
      if (last?.said === digestOf(body) && holds(last, request)) return sendAgain(request, reply, last)
    } catch (error) {
      return done(error as Error)
    }
    underWay.set(request, { browser, version, body })
    done()
  })
}

/** For the route: its body was read, and is read again from memory. */
export function rereadBody(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: Readable,
  done: (error: null, payload: Readable) => void,
): void {
  const boot = underWay.get(request)
  done(null, boot ? Readable.from([boot.body]) : payload)
}

/** Says how a boot was decided; `keepAnswer` keeps what is sent if it changed nothing. */
export function noteDecided(
  request: FastifyRequest,
  { admission, standing, decision, now }: { admission: Admission; standing: StandingSession | null; decision: Decision; now: Instant },
): void {
  const boot = underWay.get(request)
  const { workspace, supportHost, server } = request
  const { user, outcome, session } = admission
  const keys = server.keyring.knownKeysOf(workspace, now)
  if (!boot || !standing || !user || outcome !== 'resumed' || session.id !== standing.id || !keys?.includes(user.key)) return
  // A parent may end by the clock alone; whom an issuer's key means is looked up; in test mode, and after a pause, more is set than the session's cookie.
  const isPlain = standing.carrier === 'cookie' && standing.parent_session_id === null && user.user_id !== undefined
  if (!isPlain || workspace.test_mode === 1 || readCookie(request, 'paused') !== undefined) return
  const until = Math.min(user.replayable_until, standing.expires_at, standing.ends_at)
  boot.decided = { at: now, until, workspace, supportHost, session: standing, keys, decision, issued: user.issued }
}

/** For the route, when all its headers are set. */
export function keepAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void): void {
  const boot = underWay.get(request)
  if (boot?.decided && reply.statusCode === 200 && typeof payload === 'string') {
    const { 'set-cookie': _secret, 'latchkey-request-id': _id, ...headers } = reply.getHeaders()
    const head = { ...headers, 'content-length': Buffer.byteLength(payload) }
    const value = { ...boot.decided, said: digestOf(boot.body), head, text: payload }
    answered.keep(request.server.db, boot.browser, value, boot.version)
  }
  done()
}

/** Undefined for what is looked at in any case: no cookie came, or a bearer did, or no origin. */
function browserOf({ method, headers }: FastifyRequest): string | undefined {
  const { host, origin, cookie, authorization } = headers
  const length = Number(headers['content-length'])
  if (method !== 'POST' || origin === undefined || cookie === undefined || authorization !== undefined || !(length <= LONGEST_BODY))
    return undefined
  // No header holds a line break.
  return hash('sha256', [host, origin, cookie, headers['content-type']].join('\n'), 'base64url')
}

function readBody({ raw }: FastifyRequest, take: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  raw.on('data', (chunk: Buffer) => chunks.push(chunk))
  raw.once('end', () => take(Buffer.concat(chunks)))
}

function digestOf(body: Buffer): string {
  return hash('sha256', body, 'base64url')
}

function holds({ at, until, workspace, keys }: Answered, { server: { keyring, now } }: FastifyRequest): boolean {
  const time = now()
  // A clock that was set back may stand before the token's nbf.
  return time >= at && time < Math.min(until, at + KEPT_MS) && keyring.knownKeysOf(workspace, time) === keys
}

function sendAgain(request: FastifyRequest, reply: FastifyReply, last: Answered): void {
  const { workspace, supportHost, session, decision, issued, head, text } = last
  Object.assign(request, { workspace, supportHost, session })
  noteUse(request, session)
  logDecision(request, { ...decision, token_age_ms: ageSince(issued, request.server.now()) })
  const secret = readCookie(request, 'session')
  reply.hijack()
  const send = () => {
    const own = { 'latchkey-request-id': request.id, ...(secret !== undefined && { 'set-cookie': sessionCookie(supportHost, secret) }) }
    reply.raw.writeHead(200, { ...head, ...own })
    reply.raw.end(text)
  }
  sendTogether(send, () => reply.raw.destroy())
}
