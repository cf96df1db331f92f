import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import type { BootAnswer } from '#shared/messenger.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { waitingFor, type Waiting } from '#domain/conversations/conversations.ts'
import { admit, type Admission, type BootAttempt } from '#domain/identity/admit.ts'
import { withoutTokens } from '#domain/identity/boot-hints.ts'
import { isUnknown, readClaims, readUserId, unstorable } from '#domain/identity/claims.ts'
import { endMessengerSessions } from '#domain/sessions/messenger-sessions.ts'
import { rootOf } from '#domain/sessions/sessions.ts'
import { forgetSignOutOfDevice, signOut } from '#domain/sessions/sign-outs.ts'
import { ageSince, tokenAge } from '#domain/diagnosis/token-clock.ts'
import { readCookie, setSessionCookie } from '#http/middleware/cookies.ts'
import { logDecision, logRefusal, refusedAt } from '#http/middleware/decisions.ts'
import { deviceOf } from '#http/middleware/device.ts'
import { failureOf } from '#http/middleware/error-answer.ts'
import { fromListedOrigin, fromListedOriginAtDoor } from '#http/middleware/listed-origin.ts'
import { networkOf } from '#http/middleware/network.ts'
import { endPause, pauseSignIn } from '#http/middleware/pause.ts'
import { setProbe } from '#http/middleware/probes.ts'
import type { App } from '#http/app-types.ts'
import { carryEmbedded, clearEmbedded, isEmbedded } from './embedded.ts'
import { keepAnswer, noteDecided, rereadBody } from './repeated-boots.ts'

const DOOR = 'boot'
const NOTHING_WAITS: Waiting = { unread_count: 0, has_open_conversation: false }

/** What is no text goes on as the text that JavaScript makes of it (a promise becomes `{}` on its way here), so that the refusal names it. */
const asText = (value: unknown) => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.keys(value).length === 0 ? '[object Promise]' : '[object Object]'
}

const Boot = z.looseObject({
  app_id: z.string().min(1).max(64),
  intercom_user_jwt: z.preprocess(asText, z.string().nullish()).optional(),
  user_hash: z.string().max(16_384).nullish(),
  email: z.string().max(1000).nullish(),
  platform: z.enum(['web', 'ios', 'android']).optional(),
  session_duration: z.number().int().nullish(),
})

/** Door 1: `Intercom('boot' | 'update')`. */
export async function bootRoutes(app: App) {
  const hooks = { onRequest: fromListedOriginAtDoor, preParsing: rereadBody, onSend: keepAnswer }
  const route = { ...hooks, attachValidation: true, schema: { body: Boot } }
  app.post('/messenger/boot', route, async (request, reply) => {
    const attempt = readAttempt(request, request.body)
    const doorway = {
      door: DOOR,
      platform: attempt.platform,
      device: deviceOf(request),
      standing: request.session,
      host: request.supportHost,
      visitorFollows: true,
      carrier: isEmbedded(request) ? ('bearer' as const) : undefined,
      duration_ms: request.body.session_duration ?? undefined,
      now: app.now(),
    }
    try {
      const countNewcomer = () => app.newcomers.count(networkOf(request.ip), app.now())
      const admission = await admit(app.db, app.keyring, request.workspace, { attempt, doorway, countNewcomer })
      const { outcome, kid, contact, session, refusal, hint, user } = admission
      const decision = {
        door: DOOR,
        outcome,
        platform: attempt.platform,
        kid,
        user_id: contact?.external_id ?? session.claimed_user_id,
        refusal,
        hint,
        token_age_ms: ageSince(user?.issued, doorway.now),
      }
      logDecision(request, decision)
      noteDecided(request, { admission, decision, standing: doorway.standing, now: doorway.now })
      const answer = await presentBoot(app, request.workspace, admission)
      if (doorway.carrier) {
        if (outcome === 'signed_in') await forgetSignOutOfDevice(app.db, request.workspace, session)
        return { ...answer, headers: carryEmbedded(request, reply, admission) }
      }
      const secret = admission.secret ?? readCookie(request, 'session')
      if (secret !== undefined) setSessionCookie(reply, secret)
      await endPause(request, reply)
      if (admission.secret !== undefined || request.workspace.test_mode === 1) setProbe(request, reply, outcome)
      return answer
    } catch (refusal) {
      logRefusal(request, DOOR, refusal, { ...attempt, token_age_ms: tokenAge(attempt.token, doorway.now) })
      throw refusal
    }
  })
}

/** Text that is no JSON says nothing. */
function readLeaving(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** `Intercom('shutdown')`: a simple request that needs no preflight, so that it survives the page's navigation. */
export async function shutdownRoutes(app: App) {
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, readLeaving(String(body))))
  app.post('/messenger/shutdown', { onRequest: fromListedOrigin }, async (request, reply) => {
    if (request.headers.origin === undefined) throw new Failure('origin_missing')
    const { session } = request
    if (session) {
      if (session.carrier === 'cookie') await signOut(app.db, request.workspace, { roots: [rootOf(session)] }, app.now())
      else await endMessengerSessions(app.db, request.workspace, session, app.now())
      app.bell.ring(request.workspace.id)
      logDecision(request, { door: DOOR, outcome: 'signed_out', user_id: session.contact?.external_id })
    }
    clearEmbedded(request, reply)
    await pauseSignIn(request, reply)
    return reply.code(204).send()
  })
}

function readAttempt(request: FastifyRequest, body: z.output<typeof Boot>): BootAttempt {
  if (request.validationError) return unreadable(request, failureOf(request.validationError).detail)
  const { kept, oddity } = withoutTokens(new Map(Object.entries(body)))
  const unsigned = readClaims(kept)
  const user_id = isUnknown(kept.get('user_id')) ? undefined : readUserId(kept)
  if (user_id === null) return unreadable(request, 'user_id must be text of 1 to 255 characters, or a whole number.')
  if (!unsigned) return unreadable(request, unstorable(kept))
  const fromPage = request.headers.origin !== undefined
  return {
    app_id: body.app_id,
    token: known(body.intercom_user_jwt),
    user_id,
    user_hash: known(body.user_hash),
    email: known(body.email),
    unsigned,
    oddity,
    platform: fromPage ? 'web' : (body.platform ?? 'web'),
    fromPage,
  }
}

/** A boot that cannot be read is a login that did not happen: the log says so too. */
function unreadable(request: FastifyRequest, detail = 'A setting cannot be read.'): never {
  return refusedAt(request, DOOR)(new Failure('parameter_invalid', { detail, hint: detail }))
}

function known(text: string | null | undefined): string | undefined {
  return isUnknown(text) ? undefined : (text ?? undefined)
}

async function presentBoot(app: App, workspace: Workspace, { contact, session, outcome, isBlank }: Admission): Promise<BootAnswer> {
  return {
    contact: {
      id: contact?.id ?? session.visitor_id,
      role: contact?.role ?? 'visitor',
      user_id: contact?.external_id ?? session.claimed_user_id,
      email: contact?.email ?? session.claimed_email,
      name: contact?.name ?? null,
      claimed: outcome === 'claimed' || session.kind === 'claimed',
    },
    visitor_id: session.visitor_id,
    settings: {
      app_id: workspace.app_id,
      workspace_name: workspace.name,
      action_color: workspace.action_color,
      spaces: ['home', 'messages', 'help'],
      test_mode: workspace.test_mode === 1,
    },
    ...(contact && !isBlank ? await waitingFor(app.db, workspace, contact.id) : NOTHING_WAITS),
  }
}
