import { z } from 'zod'
import { createLoginLink, LINK_LIFE } from '#domain/identity/login-links.ts'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { Id, seconds } from './shapes.ts'

const NewLink = z.object({
  user_id: Id,
  return_to: z.string().optional(),
  expires_in: z.number().int().min(LINK_LIFE.shortest).max(LINK_LIFE.longest).optional(),
  host: z.string().optional(),
})

/** Door 4: the app's backend asks for an address that signs one of its users in once. */
export function loginLinkRoutes(api: App) {
  api.post('/api/login_links', { ...may('login_links:write'), schema: { body: NewLink } }, async ({ workspace, body }) => {
    const { url, expires_at } = await createLoginLink(api.db, workspace, body, api.now())
    return { type: 'login_link', url, expires_at: seconds(expires_at) }
  })
}
