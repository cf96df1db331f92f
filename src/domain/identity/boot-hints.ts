import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { NOTHINGS, PLACEHOLDER } from './hint.ts'
import { isTokenShaped } from './token-peek.ts'

/** A longer one may be a secret, which no log may hold. */
const LONGEST_APP_ID = 24

/** Where a token belongs. */
const MEANT = new Set(['intercom_user_jwt', 'user_hash'])
/** What is nested deeper is refused when it is read. */
const DEEPEST = 8

/** What a boot may hold of a token under its own name; under any other, or inside a list or an object, it is a credential that nobody should keep or read. */
export function withoutTokens(fields: ReadonlyMap<string, unknown>): { kept: Map<string, unknown>; oddity: string | undefined } {
  const kept = new Map(fields)
  const misnamed: string[] = []
  for (const [name, value] of fields) {
    const rest = MEANT.has(name) ? value : withoutToken(value)
    if (rest === value) continue
    misnamed.push(name)
    if (rest === undefined) kept.delete(name)
    else kept.set(name, rest)
  }
  return { kept, oddity: hintOfName(misnamed[0]) ?? hintOfNothing(fields.get('intercom_user_jwt')) }
}

/** The very same value where there is no token in it. A list is kept without its tokens; of anything else nothing is. */
function withoutToken(value: unknown): unknown {
  if (!holdsToken(value, 1)) return value
  const rest = Array.isArray(value) ? value.filter((item) => !holdsToken(item, 2)) : []
  return rest.length > 0 ? rest : undefined
}

function holdsToken(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return isTokenShaped(value)
  return depth <= DEEPEST && Object.values(value).some((item) => holdsToken(item, depth + 1))
}

function hintOfName(name: string | undefined): string | undefined {
  return (
    name &&
    `The setting ${name.slice(0, 40)} holds a token, which signs nobody in under that name and was dropped: pass it as intercom_user_jwt.`
  )
}

function hintOfNothing(token: unknown): string | undefined {
  if (token !== null && token !== '' && token !== 'undefined' && token !== 'null') return undefined
  const came = token === '' ? 'empty' : `as ${token}`
  return `intercom_user_jwt came ${came}: where somebody is logged in to the app, their token had not arrived yet.`
}

/** Why the app_id that came is not this workspace’s. */
export function hintOfAppId(app_id: string, workspace: Workspace): string {
  const own = `this host is that of ${workspace.app_id}`
  if (PLACEHOLDER.test(app_id) || NOTHINGS.includes(app_id))
    return `The app_id came as “${app_id}”, which stands where it should be put in; ${own}.`
  if (app_id.length > LONGEST_APP_ID) return `The app_id that came is no app_id: it is too long; ${own}. If it is a secret, retire it.`
  if (app_id.trim() === workspace.app_id) return `The app_id came with white space around it; ${own}.`
  if (app_id.toLowerCase() === workspace.app_id.toLowerCase()) return `The app_id came as ${app_id}; ${own}, and capitals count.`
  return `The app_id that came is ${app_id}; ${own}. Load the script from the support host of ${app_id}, or boot with ${workspace.app_id}.`
}

/** What came in place of a proof. */
export function hintOfNoProof(named: { user_id: string | undefined; email: string | undefined; user_hash: string | undefined }): string {
  const came = (['user_id', 'email', 'user_hash'] as const).filter((name) => named[name] !== undefined)
  if (named.user_hash !== undefined)
    return 'A user_hash came without the user_id that it proves. It is made over the user_id, not over the e-mail.'
  return `The boot came with ${came.join(' and ')} and without intercom_user_jwt: the page did not fetch a token, or did not wait for it.`
}
