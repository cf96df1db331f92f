import { z } from 'zod'
import { changeTeammateRole, getChangeable, removeTeammate } from '#domain/teammates/change-teammate.ts'
import { getInvite, inviteTeammate, listInvites, withdrawInvite } from '#domain/teammates/invites.ts'
import { createPasswordReset } from '#domain/teammates/password-resets.ts'
import { canGiveRole, ROLES } from '#domain/teammates/roles.ts'
import { listTeam } from '#domain/teammates/list-team.ts'
import type { App } from '#http/app-types.ts'
import type { LinkAnswer, TeammatesAnswer } from '#shared/inbox.ts'
import { atWorkOf, may, requireFreshPassword } from './authority.ts'
import { inviteLink, mailInvite, mailPasswordReset, resetLink } from './link-mail.ts'
import { presentInvite, presentTeammate } from './present-team.ts'
import { pageLocale } from './words.ts'

const Id = z.object({ id: z.string().regex(/^\d{1,15}$/) })
const Role = z.strictObject({ role: z.enum(ROLES) })
const Invite = Role.extend({ email: z.email().max(320) })

/** Settings → Teammates. */
export function teamRoutes(app: App) {
  app.get('/app/teammates', may('teammates:read'), async (request): Promise<TeammatesAnswer> => {
    const { teammate, workspace } = atWorkOf(request)
    const team = await listTeam(app.db, workspace)
    const invites = await listInvites(app.db, workspace)
    return {
      teammates: team.map((member) => presentTeammate(teammate, member)),
      invites: invites.map((invite) => presentInvite(invite, app.now())),
      roles: ROLES.filter((role) => canGiveRole(teammate, role)),
    }
  })

  app.post('/app/invites', { ...may('teammates:write'), schema: { body: Invite } }, async (request): Promise<LinkAnswer> => {
    const { teammate, workspace } = atWorkOf(request)
    const { invite, code } = await inviteTeammate(app.db, workspace, { ...request.body, by: teammate }, app.now())
    return {
      link: inviteLink(app, code),
      email: invite.email,
      is_mailed: await mailInvite(app, { workspace, invite, code, locale: pageLocale(request) }),
    }
  })

  app.post('/app/invites/:id/link', { ...may('teammates:write'), schema: { params: Id } }, async (request): Promise<LinkAnswer> => {
    const { teammate, workspace } = atWorkOf(request)
    const { email, role } = await getInvite(app.db, workspace, Number(request.params.id))
    const { invite, code } = await inviteTeammate(app.db, workspace, { email, role, by: teammate }, app.now())
    return {
      link: inviteLink(app, code),
      email,
      is_mailed: await mailInvite(app, { workspace, invite, code, locale: pageLocale(request) }),
    }
  })

  app.delete('/app/invites/:id', { ...may('teammates:write'), schema: { params: Id } }, async (request, reply) => {
    await withdrawInvite(app.db, atWorkOf(request).teammate, Number(request.params.id), app.now())
    return reply.code(204).send()
  })

  app.put('/app/teammates/:id/role', { ...may('teammates:write'), schema: { params: Id, body: Role } }, async (request, reply) => {
    const { id } = request.params
    await changeTeammateRole(app.db, atWorkOf(request).teammate, { id, role: request.body.role }, app.now())
    return reply.code(204).send()
  })

  const reset = { ...may('teammates:write'), preHandler: requireFreshPassword, schema: { params: Id } }
  app.post('/app/teammates/:id/reset-link', reset, async (request): Promise<LinkAnswer> => {
    const actor = atWorkOf(request).teammate
    const teammate = await getChangeable(app.db, actor, request.params.id)
    const code = await createPasswordReset(app.db, teammate, actor, app.now())
    return {
      link: resetLink(app, code),
      email: teammate.email,
      is_mailed: await mailPasswordReset(app, { teammate, code, locale: pageLocale(request) }),
    }
  })

  app.delete('/app/teammates/:id', { ...may('teammates:write'), schema: { params: Id } }, async (request, reply) => {
    await removeTeammate(app.db, atWorkOf(request).teammate, request.params.id, app.now())
    return reply.code(204).send()
  })
}
