import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { acceptInvite, readInvite, type Invite } from '#domain/teammates/invites.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { fill } from '#http/html/strings.ts'
import { html } from '#platform/html/html.ts'
import { field, frontPage, orShowAgain, problemNotice } from './front-page.ts'
import { startAtWork } from './sign-in-page.ts'
import { pageWords } from './words.ts'

const Code = z.object({ code: z.string().max(100) })
const Joining = Code.extend({ name: z.string().trim().min(1).max(200), password: z.string().max(1000) })

/** Opening the link uses nothing up: a link scanner may have been here first. */
export function inviteRoutes(app: App) {
  app.get('/invite', { config: { page: true }, schema: { querystring: Code } }, async (request, reply) => {
    const { code } = request.query
    return invitePage(reply, { ...(await readInvite(app.db, code, app.now())), code })
  })

  app.post('/invite', { config: { page: true }, schema: { body: Joining } }, async (request, reply) => {
    const { code, ...joining } = request.body
    const found = await readInvite(app.db, code, app.now())
    const work = async () => startAtWork(request, reply, await acceptInvite(app.db, code, joining, app.now()))
    return orShowAgain(reply, work, (failure, status) => invitePage(reply, { ...found, code, name: joining.name, failure, status }))
  })
}

interface InviteForm {
  invite: Invite
  workspace: Workspace
  code: string
  name?: string
  failure?: Failure
  status?: number
}

function invitePage(reply: FastifyReply, { invite, workspace, code, name = '', failure, status = 200 }: InviteForm): FastifyReply {
  const words = pageWords(reply.request)
  const body = html`${problemNotice(words, failure)}<p class="quiet">${fill(words.join_lead, { email: invite.email })}</p>
<form method="post" action="/invite" class="stack"><input type="hidden" name="code" value="${code}"><input type="hidden" name="email" value="${invite.email}" autocomplete="username">
${field({ name: 'name', label: words.your_name, autocomplete: 'name', value: name, isFirst: true })}
${field({ name: 'password', label: words.new_password, type: 'password', autocomplete: 'new-password', hint: words.password_hint })}
<button class="button primary">${words.join_button}</button></form>`
  return frontPage(reply, { title: fill(words.join, { workspace: workspace.name }), body, status })
}
