import { z } from 'zod'
import { STACKS, writeSnippet } from '#domain/snippets/snippets.ts'
import { listHosts } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may } from '#http/inbox/authority.ts'
import type { SnippetAnswer, StacksAnswer } from '#shared/login-settings.ts'

/** Stand-ins where the workspace has none of its own yet. */
const NO_HOST = 'https://help.example.com'
const NO_KID = 'YOUR_KID'
const Stack = z.object({ stack: z.enum(STACKS) })
const Kid = z.strictObject({
  kid: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .default(NO_KID),
})

export function snippetRoutes(app: App) {
  app.get('/app/login/snippets', may('settings:read'), async (): Promise<StacksAnswer> => {
    const words = { app_id: 'x', help_url: NO_HOST, kid: NO_KID }
    return { stacks: STACKS.map((stack) => ({ stack, name: writeSnippet(stack, words).name })) }
  })

  const asked = { ...may('settings:read'), schema: { params: Stack, querystring: Kid } }
  app.get('/app/login/snippets/:stack', asked, async (request): Promise<SnippetAnswer> => {
    const { workspace } = atWorkOf(request)
    const [host] = await listHosts(app.db, workspace)
    const words = { app_id: workspace.app_id, help_url: host?.origin ?? NO_HOST, kid: request.query.kid }
    const { name, isRun, files } = writeSnippet(request.params.stack, words)
    return { stack: request.params.stack, name, is_run: isRun, files }
  })
}
