import { readChecklist } from '#domain/diagnosis/checklist.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may } from '#http/inbox/authority.ts'
import type { Checklist } from '#shared/diagnosis.ts'

export function checklistRoute(app: App) {
  app.get('/app/login/checklist', may('settings:read'), async (request): Promise<Checklist> => {
    return readChecklist(app.db, atWorkOf(request).workspace, { now: app.now(), outside: app.outside })
  })
}
