import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import formbody from '@fastify/formbody'
import fastify, { LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Config } from '#config'
import type { Instant, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import { openOutside } from '#domain/diagnosis/outside.ts'
import { noteProbes, type ProbeNote } from '#domain/diagnosis/probes.ts'
import { noteSightings, type NewSighting } from '#domain/diagnosis/sightings.ts'
import { EventBell } from '#domain/events/event-bell.ts'
import { openKeyring } from '#domain/identity/keyring.ts'
import { installationKeys } from '#domain/installation/installation-keys.ts'
import { logDecisions, type NewLoginDecision } from '#domain/identity/login-log.ts'
import { openOpenId } from '#domain/openid/openid.ts'
import { slideSessions } from '#domain/sessions/sessions.ts'
import { apiRoutes } from '#http/api/api.ts'
import type { App } from '#http/app-types.ts'
import { helpCenterRoutes } from '#http/help-center/help-center.ts'
import { answerOnPage } from '#http/inbox/front-page.ts'
import { inboxRoutes } from '#http/inbox/inbox.ts'
import { continueRoutes } from '#http/login/continue.ts'
import { oidcRoutes } from '#http/login/oidc.ts'
import { cookieDoorHook } from '#http/login/cookie-door.ts'
import { emailLinkRoutes } from '#http/login/email-link.ts'
import { handoffRoutes } from '#http/login/handoff.ts'
import { loginJwtRoutes } from '#http/login/login-jwt.ts'
import { loginLinkRoutes } from '#http/login/login-link.ts'
import { loginRoutes } from '#http/login/login.ts'
import { probeRoutes } from '#http/login/probe.ts'
import { sessionPageRoutes } from '#http/login/sessions.ts'
import { statusRoutes } from '#http/login/status.ts'
import { verifyRoutes } from '#http/login/verify.ts'
import { messengerArticleRoutes } from '#http/messenger/articles.ts'
import { bootRoutes, shutdownRoutes } from '#http/messenger/boot.ts'
import { conversationRoutes } from '#http/messenger/conversations.ts'
import { resumeEmbeddedSession, resumeSessionOfBody } from '#http/messenger/embedded.ts'
import { frameRoutes } from '#http/messenger/frame.ts'
import { messengerHandoffRoutes } from '#http/messenger/handoffs.ts'
import { bootProbeRoutes } from '#http/messenger/probe.ts'
import { answerRepeatedBoot } from '#http/messenger/repeated-boots.ts'
import { scriptRoutes } from '#http/messenger/scripts.ts'
import { streamRoutes } from '#http/messenger/stream.ts'
import { trackedEventRoutes } from '#http/messenger/tracked-events.ts'
import { answerError } from '#http/middleware/error-answer.ts'
import { answerPreflight } from '#http/middleware/listed-origin.ts'
import { minuteLimit } from '#http/middleware/minute-limit.ts'
import { refuseUnprintable } from '#http/middleware/printable.ts'
import { probeReturnHook } from '#http/middleware/probes.ts'
import { resumeSession } from '#http/middleware/resume-session.ts'
import { addSecurityHeaders } from '#http/middleware/security-headers.ts'
import { sendTogether } from '#http/middleware/send-together.ts'
import { supportHostHook } from '#http/middleware/support-host.ts'
import { proxyCheck } from '#http/middleware/trusted-proxy.ts'
import { portalRoutes } from '#http/portal/portal.ts'
import { openBatch } from '#platform/batch/batch.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import { onHearing, type Db } from '#platform/database/database.ts'
import { openFindTxt, type FindTxt } from '#platform/dns/find-txt.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { openHttpClient, type HttpClient } from '#platform/http-client/http-client.ts'
import { openMailer, type Mailer } from '#platform/mail/mailer.ts'

export interface Installation {
  db: Db
  config: Config
  encryptionKey: Uint8Array
  now?: () => Instant
  /** Absent: what the configuration says. */
  mailer?: Mailer
  httpClient?: HttpClient
  findTxt?: FindTxt
}

const BODY_LIMIT = 256 * 1024
const NEWCOMERS_PER_MINUTE = 600
const RESUMPTIONS_PER_MINUTE = 60
const KNOWN_TROUBLES = 10_000
const HEARD = 'PostgreSQL’s notifications are heard again'
const UNHEARD =
  'PostgreSQL’s notifications are not heard, perhaps for a pooler in between: what other nodes change is seen after a second, at the cost of more queries'
const BATCH = { delay: 250, limit: 10_000 }

/** The sitemap: the teammates' host serves the API and the teammates' app, every other known host is a workspace's support host. */
export async function createApp({
  db,
  config,
  encryptionKey,
  now = Date.now,
  mailer = openMailer(config.mail),
  httpClient = openHttpClient(config.outgoing),
  findTxt = openFindTxt(),
}: Installation): Promise<App> {
  const app = openFastify(config)
  decorate(app, { db, config, encryptionKey, now, mailer, httpClient, findTxt })
  app.setErrorHandler(answerError)
  app.addHook('onRequest', answerRepeatedBoot)
  app.addHook('preValidation', refuseUnprintable)
  app.addHook('onSend', addSecurityHeaders)
  app.removeContentTypeParser('text/plain')

  const findSupportHost = supportHostHook(db)
  const teamHost = new URL(config.teamUrl).host
  app.setNotFoundHandler(async (request, reply) => {
    const isForTeam = request.headers.host === teamHost
    if (!isForTeam) await findSupportHost(request)
    else if (request.headers.accept?.includes('text/html')) return answerOnPage(new Failure('not_found'), request, reply)
    throw new Failure('not_found')
  })
  await app.register(probeRoutes(findSupportHost))
  await app.register(async (team) => {
    team.addHook('onRequest', async (request) => {
      if (request.headers.host !== teamHost) throw new Failure('not_found')
    })
    await team.register(apiRoutes)
    await team.register(inboxRoutes)
  })
  await app.register(async (support) => {
    support.addHook('onRequest', async (request, reply) => {
      if (request.headers.host === teamHost) return reply.callNotFound()
      await findSupportHost(request)
    })
    support.addHook('onRequest', resumeSession)
    support.addHook('onRequest', probeReturnHook())
    await support.register(messengerSurface)
    await support.register(pagesSurface)
  })
  return app
}

function openFastify(config: Config): App {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    logger: config.log === 'silent' ? false : { level: config.log },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // Whoever logs names the request's id; a logger for each request is made for nothing nearly always.
    childLoggerFactory: (logger) => logger,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    http: { maxHeaderSize: 32 * 1024 },
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/', headers }) => (isUnprefixedApiCall(url, headers, config) ? `/api${url}` : url),
  }).withTypeProvider<ZodTypeProvider>()
  return app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
}

/** Clients of the API shape know paths without a prefix (`/contacts`); with a bearer token they mean the API. */
function isUnprefixedApiCall(url: string, { host, authorization }: IncomingHttpHeaders, { teamUrl }: Config): boolean {
  return authorization?.startsWith('Bearer ') === true && host === new URL(teamUrl).host && !url.startsWith('/api/')
}

/** Pages take forms, and no JSON. */
async function pagesSurface(app: App) {
  await app.register(formbody)
  app.removeContentTypeParser('application/json')
  for (const routes of [
    loginJwtRoutes,
    loginLinkRoutes,
    continueRoutes,
    emailLinkRoutes,
    oidcRoutes,
    statusRoutes,
    handoffRoutes,
    verifyRoutes,
  ])
    await app.register(routes)
  await app.register(async (pages) => {
    pages.addHook('onRequest', cookieDoorHook())
    for (const routes of [loginRoutes, sessionPageRoutes, portalRoutes, helpCenterRoutes]) await pages.register(routes)
  })
}

async function messengerSurface(app: App) {
  app.options('/messenger/*', answerPreflight)
  app.addHook('onRequest', resumeEmbeddedSession)
  app.addHook('preValidation', resumeSessionOfBody)
  // Not on pages: a hook there may answer, and Fastify would go on behind an answer that waits if its reader has gone.
  app.addHook('onSend', (_request, reply, _payload, done) => sendTogether(done, (error) => reply.send(error)))
  for (const routes of [
    bootRoutes,
    bootProbeRoutes,
    shutdownRoutes,
    conversationRoutes,
    messengerArticleRoutes,
    streamRoutes,
    trackedEventRoutes,
    messengerHandoffRoutes,
    frameRoutes,
    scriptRoutes,
  ]) {
    await app.register(routes)
  }
}

function decorate(app: App, { db, config, encryptionKey, now, mailer, httpClient, findTxt }: Required<Installation>) {
  const onError = (error: unknown) =>
    app.log.error({ error: error instanceof Error ? error.stack : typeof error }, 'a batched write failed')
  onHearing(db, (hears) => (hears ? app.log.info(HEARD) : app.log.warn(UNHEARD)))
  const encryption = encryptionWith(encryptionKey, 'messenger-secrets')
  app.decorate('db', db).decorate('config', config).decorate('encryption', encryption).decorate('now', now)
  app.decorate('bearers', encryptionWith(encryptionKey, 'messenger-bearers'))
  app.decorate('secondSteps', encryptionWith(encryptionKey, 'second-steps'))
  app.decorate('keyring', openKeyring(db, encryption, httpClient))
  app.decorate('openId', openOpenId(httpClient, encryption))
  app.decorate('mailer', mailer).decorate('httpClient', httpClient).decorate('outside', openOutside(httpClient, now))
  app.decorate('installationKeys', installationKeys(encryptionKey)).decorate('findTxt', findTxt)
  app.decorate('isTrustedProxy', proxyCheck(config.trustedProxies))
  app.decorate('bell', new EventBell())
  app.decorate('refusals', minuteLimit(config.refusedBootsPerMinute))
  app.decorate('newcomers', minuteLimit(NEWCOMERS_PER_MINUTE))
  app.decorate('resumptions', minuteLimit(RESUMPTIONS_PER_MINUTE))
  const slide = (used: [SessionId, Instant][]) =>
    slideSessions(db, [...new Set(used.map(([id]) => id))], Math.max(...used.map(([, at]) => at)))
  app.decorate('touches', openBatch<[SessionId, Instant]>(slide, { ...BATCH, onError }))
  app.decorate(
    'decisions',
    openBatch<NewLoginDecision>((items) => logDecisions(db, items), { ...BATCH, onError }),
  )
  app.decorate('troubled', boundedCache<string, true>(KNOWN_TROUBLES))
  app.decorate(
    'probes',
    openBatch<ProbeNote>((notes) => noteProbes(db, notes), { ...BATCH, onError }),
  )
  app.decorate(
    'sightings',
    openBatch<NewSighting>((seen) => noteSightings(db, seen), { ...BATCH, onError }),
  )
  app.decorateRequest('workspace')
  app.decorateRequest('supportHost')
  app.decorateRequest('hosts')
  app.decorateRequest('origins')
  app.decorateRequest('providers')
  app.decorateRequest('cookies')
  app.decorateRequest('session', null)
  app.decorateRequest('caveat', null)
  app.decorateRequest('atWork', null)
  app.addHook('onClose', async () => {
    mailer.close()
    await app.touches.flush()
    await app.decisions.flush()
    await app.probes.flush()
    await app.sightings.flush()
    await app.keyring.settled()
  })
}
