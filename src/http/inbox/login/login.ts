import { checklistRoute } from './checklist-route.ts'
import { keyRoutes } from './key-routes.ts'
import { loginLogRoutes } from './log-routes.ts'
import { placeRoutes } from './place-routes.ts'
import { providerRoutes } from './provider-routes.ts'
import { loginSettingsRoutes } from './settings-routes.ts'
import { snippetRoutes } from './snippet-routes.ts'
import { tokenRoutes } from './token-routes.ts'

/** Settings → Login. */
export const loginRoutes = [
  loginSettingsRoutes,
  checklistRoute,
  placeRoutes,
  keyRoutes,
  providerRoutes,
  tokenRoutes,
  loginLogRoutes,
  snippetRoutes,
]
