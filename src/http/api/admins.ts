import { listTeammates, type Teammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { seconds } from './shapes.ts'

export function adminRoutes(api: App) {
  api.get('/api/me', async ({ apiCaller: { teammate, workspace } }) => ({
    ...presentAdmin(teammate),
    email_verified: true,
    app: presentApp(workspace),
  }))

  api.get('/api/admins', async ({ workspace }) => ({
    type: 'admin.list',
    admins: (await listTeammates(api.db, workspace)).filter(({ removed_at }) => removed_at === null).map(presentAdmin),
  }))
}

function presentAdmin({ id, name, email }: Teammate) {
  return {
    ...{ type: 'admin', id: String(id), name, email, job_title: null },
    ...{ away_mode_enabled: false, away_mode_reassign: false, has_inbox_seat: true, team_ids: [] },
    avatar: { type: 'avatar', image_url: null },
  }
}

function presentApp({ app_id, name, created_at, enforcement_web }: Workspace) {
  return {
    ...{ type: 'app', id_code: app_id, name, region: 'SELF', timezone: 'UTC', created_at: seconds(created_at) },
    identity_verification: enforcement_web === 'enforce',
  }
}
