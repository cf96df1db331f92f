import { zendesk } from './dialects.ts'
import { COOKIE_AUDIENCE, type TokenRules } from './user-jwt.ts'

/** A browser carries the token to us at once, and once. */
export const CARRIED = { maxLifetime: 300 }
/** The same, where another product taught `iat` and `jti` in place of `exp`. */
export const CARRIED_BY_AGE = { maxAge: 180 }

/** What the doors ask of a token, by their names in the login log. */
export const DOOR_RULES = {
  boot: { oneTime: false },
  login_jwt: { oneTime: true, ...CARRIED },
  access_jwt: { oneTime: true, ...CARRIED_BY_AGE, dialect: zendesk },
  cookie: { oneTime: true, maxLifetime: 86_400, audience: COOKIE_AUDIENCE },
} as const satisfies Record<string, Omit<TokenRules, 'platform'>>

export type TestedDoor = keyof typeof DOOR_RULES
export const TESTED_DOORS = Object.keys(DOOR_RULES) as [TestedDoor, ...TestedDoor[]]
