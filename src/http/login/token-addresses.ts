import { CARRIED, CARRIED_BY_AGE } from '#domain/identity/door-rules.ts'
import { featurebase, feedLog, helpScout, zendesk, type Dialect } from '#domain/identity/dialects.ts'

/** An address that takes a token from a browser, once, and the words it is spoken to in. */
export interface TokenAddress {
  path: string
  /** Its name in the login log and on the session. */
  door: string
  token: string
  returnTo: string
  rules: { maxLifetime: number } | { maxAge: number }
  dialect?: Dialect
}

/** Door 2. */
export const ours: TokenAddress = { path: '/login/jwt', door: 'login_jwt', token: 'jwt', returnTo: 'return_to', rules: CARRIED }

/** Door 9: what other products taught people, so that moving here is changing one address. */
export const foreign: readonly TokenAddress[] = [
  { path: '/access/jwt', door: 'access_jwt', token: 'jwt', returnTo: 'return_to', rules: CARRIED_BY_AGE, dialect: zendesk },
  {
    path: '/api/v1/auth/access/jwt',
    door: 'auth_access_jwt',
    token: 'jwt',
    returnTo: 'return_to',
    rules: CARRIED,
    dialect: featurebase,
  },
  { path: '/authcallback', door: 'authcallback', token: 'token', returnTo: 'returnTo', rules: CARRIED, dialect: helpScout },
  { path: '/api/sso/jwt', door: 'sso_jwt', token: 'jwt', returnTo: 'return_to', rules: CARRIED, dialect: feedLog },
]
