import { z } from 'zod'
import { reportEnforcement } from '#domain/identity/enforcement-report.ts'
import { changeLogin } from '#domain/login-settings/change-login.ts'
import { listUnprovedHosts } from '#domain/workspaces/unproved-hosts.ts'
import { listHosts, listOriginRows, type Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { atWorkOf, may } from '#http/inbox/authority.ts'
import type { EnforcementAnswer, LoginSettings } from '#shared/login-settings.ts'
import { PLATFORMS, presentLoginSettings, presentReport } from './present-login.ts'

const Level = z.enum(['enforce', 'report', 'off'])
const Settings = z.strictObject({
  enforcement: z.strictObject({ web: Level, ios: Level, android: Level }).partial().optional(),
  require_exp: z.boolean().optional(),
  test_mode: z.boolean().optional(),
  portal_on: z.boolean().optional(),
  email_links: z.boolean().optional(),
  cookie_door: z.boolean().optional(),
  return_to_parameter: z
    .string()
    .regex(/^[A-Za-z][\w.-]{0,59}$/)
    .optional(),
  login_url: z.string().max(2000).nullable().optional(),
  logout_url: z.string().max(2000).nullable().optional(),
})
const Platform = z.object({ platform: z.enum(PLATFORMS) })

/** Settings → Login: what the workspace asks of a login. */
export function loginSettingsRoutes(app: App) {
  app.get('/app/login/settings', may('settings:read'), async (request) => readSettings(app, atWorkOf(request).workspace))

  app.put('/app/login/settings', { ...may('settings:write'), schema: { body: Settings } }, async (request) => {
    return readSettings(app, await changeLogin(app.db, atWorkOf(request), columnsOf(request.body), app.now()))
  })

  const report = { ...may('settings:read'), schema: { params: Platform } }
  app.get('/app/login/enforcement/:platform', report, async (request): Promise<EnforcementAnswer> => {
    return presentReport(await reportEnforcement(app.db, atWorkOf(request).workspace, request.params.platform))
  })
}

async function readSettings(app: App, workspace: Workspace): Promise<LoginSettings> {
  const [hosts, unproved, origins] = await Promise.all([
    listHosts(app.db, workspace),
    listUnprovedHosts(app.db, workspace),
    listOriginRows(app.db, workspace),
  ])
  return presentLoginSettings(workspace, { hosts, unproved, origins, can_mail: app.mailer.isConfigured })
}

/** Only what was given. */
function columnsOf({ enforcement = {}, login_url, logout_url, return_to_parameter, ...flags }: z.output<typeof Settings>) {
  const levels = Object.entries(enforcement).map(([platform, level]) => [`enforcement_${platform}`, level])
  const switches = Object.entries(flags).map(([name, isOn]) => [name, isOn ? 1 : 0])
  const texts = Object.entries({ login_url, logout_url, return_to_parameter }).filter(([, text]) => text !== undefined)
  return Object.fromEntries([...levels, ...switches, ...texts]) as Parameters<typeof changeLogin>[2]
}
