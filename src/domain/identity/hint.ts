import type { Instant, Platform } from '#db/columns.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { SecretKey } from './keyring.ts'
import type { SigningKeyRow } from './signing-keys.ts'
import type { TokenPeek } from './token-peek.ts'

export interface HintContext {
  token: string
  peek: TokenPeek
  keys: SecretKey[]
  workspace: Workspace
  elsewhere: { workspace: Workspace; keys: SecretKey[] }[]
  now: Instant
  /** Where the token comes from. */
  platform?: Platform
  /** The key that signed it, where one did. */
  signer?: SigningKeyRow | undefined
}

export type Hint = (context: HintContext) => string | false | undefined

/** What a program writes where it has nothing. */
export const NOTHINGS = ['undefined', 'null', 'NaN', 'None', 'nil', 'false', '[object Object]']
/** A template that nobody filled in, or a word of an example. */
export const PLACEHOLDER =
  /^(?:\{\{.*\}\}|<%.*%>|[$#]\{.*\}|\{%.*%\}|%\w+%?|<\w[\w ]*>|(?:your|my|the)[_ -][\w -]+|\$\w+|process\.env\.\w+)$/i
const SHOWN = 60

/** A user_id that a program wrote because it had none: all its users would be one. */
export function hintOfUserId(user_id: unknown): string | undefined {
  const text = typeof user_id === 'number' ? String(user_id) : user_id
  if (typeof text !== 'string') return undefined
  const isNothing = NOTHINGS.includes(text) || text === '0' || PLACEHOLDER.test(text)
  if (isNothing)
    return `user_id is the text “${text.slice(0, SHOWN)}”: had your code no id to sign? Everybody signed so is one person here, with one history.`
  return text === text.trim()
    ? undefined
    : 'user_id has white space at an end: without it, it is another person here. Trim it before signing.'
}

/** A value out of the token, short and on one line. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing')
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, SHOWN)
}
