import { z } from 'zod'
import { AUDIT_PAGE, listAuditLog } from '#domain/audit/audit-log.ts'
import { listTeammates } from '#domain/teammates/teammates.ts'
import type { App } from '#http/app-types.ts'
import type { AuditAnswer } from '#shared/inbox.ts'
import { atWorkOf, may } from './authority.ts'

const Page = z.object({ before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional() })

export function auditRoutes(app: App) {
  app.get('/app/audit-log', { ...may('audit:read'), schema: { querystring: Page } }, async (request): Promise<AuditAnswer> => {
    const { workspace } = atWorkOf(request)
    const lines = await listAuditLog(app.db, workspace, request.query)
    const names = new Map((await listTeammates(app.db, workspace)).map(({ id, name }) => [id, name]))
    return {
      entries: lines.map(({ id, at, teammate_id, action, subject, detail, address }) => ({
        ...{ id, at, action, subject, detail, address },
        teammate: teammate_id === null ? null : (names.get(teammate_id) ?? null),
      })),
      before: lines.length < AUDIT_PAGE ? null : (lines.at(-1)?.id ?? null),
    }
  })
}
