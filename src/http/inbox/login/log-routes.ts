import { z } from 'zod'
import { listLogFacets, LOG_PAGE, searchLoginLog } from '#domain/identity/search-login-log.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may } from '#http/inbox/authority.ts'
import type { LoginLogAnswer, LoginLogFacets } from '#shared/login-settings.ts'
import { presentDecision } from './present-login.ts'

const Id = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()
const Value = z.string().min(1).max(300).optional()
const Question = z.strictObject({
  ...{ after: Id, before: Id },
  ...{ door: Value, outcome: Value, code: Value, origin: Value, kid: Value, user_id: Value },
})

/** The login log: the app asks every two seconds for what came since. */
export function loginLogRoutes(app: App) {
  app.get('/app/login/log', { ...may('settings:read'), schema: { querystring: Question } }, async (request): Promise<LoginLogAnswer> => {
    const { after, before, ...filter } = request.query
    const rows = await searchLoginLog(app.db, atWorkOf(request).workspace, { filter, after, before })
    return { rows: rows.map(presentDecision), hasMore: rows.length === LOG_PAGE }
  })

  app.get('/app/login/log/facets', may('settings:read'), async (request): Promise<LoginLogFacets> => {
    return listLogFacets(app.db, atWorkOf(request).workspace)
  })
}
