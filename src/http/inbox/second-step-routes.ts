import { z } from 'zod'
import { renewRecoveryCodes, turnOffSecondStep } from '#domain/teammates/change-second-step.ts'
import { resetTeammatesSecondStep } from '#domain/teammates/change-teammate.ts'
import { countRecoveryCodes } from '#domain/teammates/recovery-codes.ts'
import { draftSecondStep, openDraft } from '#domain/teammates/second-step-drafts.ts'
import { findSecondStep, turnOnSecondStep } from '#domain/teammates/second-steps.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import type { RecoveryCodesAnswer, SecondStepAnswer, SecondStepDraft } from '#shared/inbox.ts'
import { atWorkOf, may, requireFreshPassword } from './authority.ts'
import { failureLimit, guessWithin } from './failure-limit.ts'
import { mailSecondStepReset } from './link-mail.ts'
import { drawQr } from './qr.ts'
import { pageLocale } from './words.ts'

const HOUR = 3_600_000
const Id = z.object({ id: z.string().regex(/^\d{1,15}$/) })
const Code = z.strictObject({ code: z.string().max(100) })
const FirstCode = Code.extend({ draft: z.string().max(1000) })

/**
 * A teammate's own second step. A fresh password is enough to begin; what weakens it afterwards takes a code besides. Elsewhere in
 * the app the password alone is asked for again: that question is for a browser left open, the session itself began with both,
 * and whoever is asked for codes all day learns to type them anywhere.
 */
export function secondStepRoutes(app: App) {
  const guesses = failureLimit({ most: 10, window: HOUR })
  /** A stolen session with its password does not get to try codes without end. */
  const limited = <T>({ id }: { id: number }, guess: () => Promise<T>): Promise<T> => {
    const isWrong = (error: unknown) => error instanceof Failure && error.code === 'code_wrong'
    return guessWithin([{ limit: guesses, key: String(id) }], app.now(), { guess, isWrong })
  }

  app.get('/app/second-step', async (request): Promise<SecondStepAnswer> => {
    const { teammate } = atWorkOf(request)
    const step = await findSecondStep(app.db, teammate)
    return { turned_on_at: step?.turned_on_at ?? null, recovery_codes_left: await countRecoveryCodes(app.db, teammate) }
  })

  app.post('/app/second-step/drafts', { preHandler: requireFreshPassword }, async (request): Promise<SecondStepDraft> => {
    const { draft, secret, uri } = await draftSecondStep(app.db, app.secondSteps, atWorkOf(request), app.now())
    return { draft, secret, uri, qr: drawQr(uri) }
  })

  const turnOn = { preHandler: requireFreshPassword, schema: { body: FirstCode } }
  app.put('/app/second-step', turnOn, async (request): Promise<RecoveryCodesAnswer> => {
    const { teammate, session } = atWorkOf(request)
    const { draft, code } = request.body
    const secret = openDraft(app.secondSteps, { teammate, session }, draft, app.now())
    const proved = { teammate, session, secret, code }
    return { recovery_codes: await limited(teammate, () => turnOnSecondStep(app.db, app.secondSteps, proved, app.now())) }
  })

  const change = { preHandler: requireFreshPassword, schema: { body: Code } }
  app.post('/app/second-step/recovery-codes', change, async (request): Promise<RecoveryCodesAnswer> => {
    const { teammate } = atWorkOf(request)
    const given = { ...request.body, now: app.now() }
    return { recovery_codes: await limited(teammate, () => renewRecoveryCodes(app.db, app.secondSteps, teammate, given)) }
  })

  app.delete('/app/second-step', change, async (request, reply) => {
    const { teammate } = atWorkOf(request)
    await limited(teammate, () => turnOffSecondStep(app.db, app.secondSteps, teammate, { ...request.body, now: app.now() }))
    return reply.code(204).send()
  })
}

/** Another's, who lost phone and recovery codes; they are told by mail. */
export function secondStepResetRoutes(app: App) {
  const reset = { ...may('teammates:write'), preHandler: requireFreshPassword, schema: { params: Id } }
  app.delete('/app/teammates/:id/second-step', reset, async (request, reply) => {
    const { teammate: actor, workspace } = atWorkOf(request)
    const teammate = await resetTeammatesSecondStep(app.db, actor, request.params.id, app.now())
    await mailSecondStepReset(app, { workspace, teammate, locale: pageLocale(request) })
    return reply.code(204).send()
  })
}
