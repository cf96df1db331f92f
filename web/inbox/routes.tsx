import type { FunctionComponent } from 'preact'
import type { Permission } from '#shared/inbox.ts'
import type { IconName } from '#web/ui/icons.tsx'
import { can } from './at-work.ts'
import { AuditLogScreen } from './screens/audit-log.tsx'
import { LoginScreen } from './screens/login/login.tsx'
import { ProfileScreen } from './screens/profile.tsx'
import { TeammatesScreen } from './screens/teammates.tsx'

export interface Route {
  /** Answers this path and every path below it; the rest is handed to the screen. */
  path: string
  title: string
  icon: IconName
  /** Pressed after g. */
  key: string
  permission?: Permission
  /** Reached from the account menu, not from the navigation. */
  isPersonal?: boolean
  Screen: FunctionComponent<{ rest: string }>
}

/** Every page of the app, in the order of the navigation. The first that a teammate may see is where they land. */
const table: Route[] = [
  { path: '/settings/login', title: 'Login', icon: 'key', key: 'l', permission: 'settings:read', Screen: LoginScreen },
  { path: '/settings/teammates', title: 'Teammates', icon: 'people', key: 't', permission: 'teammates:read', Screen: TeammatesScreen },
  { path: '/settings/audit-log', title: 'Audit log', icon: 'list', key: 'a', permission: 'audit:read', Screen: AuditLogScreen },
  { path: '/settings/profile', title: 'Profile and sessions', icon: 'person', key: 'p', isPersonal: true, Screen: ProfileScreen },
]

export const routes = table.filter(({ permission }) => permission === undefined || can(permission))

export function findRoute(path: string): { route: Route; rest: string } | undefined {
  const route = routes.find((route) => path === route.path || path.startsWith(`${route.path}/`))
  return route && { route, rest: path.slice(route.path.length + 1) }
}
