import type { Instant } from '#db/schema.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { SecretKey } from './keyring.ts'
import type { TokenPeek } from './token-peek.ts'

export interface HintContext {
  token: string
  peek: TokenPeek
  keys: SecretKey[]
  workspace: Workspace
  elsewhere: { workspace: Workspace; keys: SecretKey[] }[]
  now: Instant
}

export type Hint = (context: HintContext) => string | false | undefined

/** What a program writes where it has nothing. */
export const NOTHINGS = ['undefined', 'null', 'NaN', 'None', 'nil', 'false', '[object Object]']
const SHOWN = 60

/** A user_id that a program wrote because it had none: all its users would be one. */
export function hintOfUserId(user_id: unknown): string | undefined {
  const nothing = NOTHINGS.find((text) => user_id === text)
  if (nothing === undefined) return undefined
  return `user_id is the text “${nothing}”: had your code no id to sign? Everybody signed so is one person here, with one history.`
}

/** A value out of the token, short and on one line. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing')
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, SHOWN)
}
