import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isSetUp, setUpFirstOwner } from '#domain/installation/first-owner.ts'
import { listWorkspaces, type Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { INTERFACE_LOCALES, languageName } from '#http/html/strings.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, frontPage, orShowAgain, problemNotice } from './front-page.ts'
import { startAtWork } from './sign-in-page.ts'
import { pageWords } from './words.ts'

const text = z.string().trim().max(320)
const SetUp = z.object({
  code: z.string().max(100),
  name: text.min(1),
  email: z.email().max(320),
  password: z.string().max(1000),
  app_id: text.optional(),
  workspace_name: text.optional(),
  host: text.optional(),
  origin: text.optional(),
  locale: z.enum(INTERFACE_LOCALES).optional(),
})
type SetUpForm = z.infer<typeof SetUp>

/** One use in an installation's life, behind a code that only the server's keeper can print. */
export function setUpRoutes(app: App) {
  app.get(
    '/setup',
    { config: { page: true }, schema: { querystring: z.object({ code: z.string().max(100).optional() }) } },
    async (request, reply) => {
      if (await isSetUp(app.db)) return reply.redirect('/sign-in', 303)
      const { code } = request.query
      if (code === undefined) return linkNeededPage(reply)
      if (!isSetUpCode(request, code)) throw new Failure('set_up_link_invalid')
      return setUpPage(reply, { workspaces: await listWorkspaces(app.db), form: { code } })
    },
  )

  app.post('/setup', { config: { page: true }, schema: { body: SetUp } }, async (request, reply) => {
    const form = request.body
    if (await isSetUp(app.db)) throw new Failure('set_up_done')
    if (!isSetUpCode(request, form.code)) throw new Failure('set_up_link_invalid')
    const workspaces = await listWorkspaces(app.db)
    const work = async () => {
      const { name, email, password } = form
      const teammate = await setUpFirstOwner(app.db, { name, email, password, workspace: workspaceOf(app, form, workspaces) }, app.now())
      return startAtWork(request, reply, teammate)
    }
    return orShowAgain(reply, work, (failure, status) => setUpPage(reply, { workspaces, form, failure, status }))
  })
}

function isSetUpCode({ server }: FastifyRequest, code: string): boolean {
  const expected = Buffer.from(server.installationKeys.setUpCode)
  const given = Buffer.from(code)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function workspaceOf({ config }: App, { app_id, workspace_name, host, origin, locale = 'en' }: SetUpForm, workspaces: Workspace[]) {
  if (workspaces.length > 0) return app_id ?? workspaces[0]?.app_id ?? ''
  if (!workspace_name || !host || !origin) throw new Failure('parameter_not_found')
  if (URL.parse(host)?.host === new URL(config.teamUrl).host)
    throw new Failure('parameter_invalid', { detail: `${host} is the teammates’ host; customers need one of their own.` })
  return { name: workspace_name, host, origins: [origin], locales: [locale] }
}

function linkNeededPage(reply: FastifyReply): FastifyReply {
  const words = pageWords(reply.request)
  const body = html`<p>${words.set_up_link_lead}</p><pre><code>npx latchkey setup-link</code></pre>`
  return frontPage(reply, { title: words.set_up_link_needed, body })
}

function setUpPage(
  reply: FastifyReply,
  { workspaces, form, failure, status = 200 }: { workspaces: Workspace[]; form: Partial<SetUpForm>; failure?: Failure; status?: number },
): FastifyReply {
  const words = pageWords(reply.request)
  const body = html`${problemNotice(words, failure)}<p class="quiet">${words.set_up_lead}</p>
<form method="post" action="/setup" class="stack"><input type="hidden" name="code" value="${form.code ?? ''}">
<fieldset class="stack"><legend>${words.your_account}</legend>
${field({ name: 'name', label: words.your_name, autocomplete: 'name', value: form.name ?? '', isFirst: true })}
${field({ name: 'email', label: words.email, type: 'email', autocomplete: 'username', value: form.email ?? '' })}
${field({ name: 'password', label: words.password, type: 'password', autocomplete: 'new-password', hint: words.password_hint })}</fieldset>
<fieldset class="stack"><legend>${words.your_workspace}</legend>
${workspaces.length > 0 ? workspaceSelect(workspaces, words.workspace) : newWorkspaceFields(reply, form)}</fieldset>
<button class="button primary">${words.finish}</button></form>`
  return frontPage(reply, { title: words.set_up, body, status, isWide: true })
}

function workspaceSelect(workspaces: Workspace[], label: string): Html {
  return html`<div class="field"><label for="app_id">${label}</label><select id="app_id" name="app_id">${workspaces.map(
    ({ app_id, name }) => html`<option value="${app_id}">${name}</option>`,
  )}</select></div>`
}

function newWorkspaceFields(reply: FastifyReply, form: Partial<SetUpForm>): Html {
  const words = pageWords(reply.request)
  return html`${field({ name: 'workspace_name', label: words.workspace_name, autocomplete: 'organization', value: form.workspace_name ?? '' })}
${field({ name: 'host', label: words.support_host, type: 'url', hint: words.support_host_hint, value: form.host ?? '' })}
${field({ name: 'origin', label: words.app_origin, type: 'url', hint: words.app_origin_hint, value: form.origin ?? '' })}
<div class="field"><label for="locale">${words.language}</label><select id="locale" name="locale">${INTERFACE_LOCALES.map(
    (locale) => html`<option value="${locale}"${locale === form.locale ? html` selected` : null}>${languageName(locale)}</option>`,
  )}</select></div>`
}
