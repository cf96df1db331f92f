import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { PendingLoginsTable } from '#db/login-tables.ts'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { readClaims } from './claims.ts'
import type { Who } from './identify-contact.ts'
import type { Keyring } from './keyring.ts'
import type { Vouched } from './sign-in.ts'
import { refuseUsedToken } from './used-tokens.ts'

export const WAITS_MS = 5 * 60_000

const Payload = z.record(z.string(), z.unknown())

/** A verified login, from any door, and where it leads. */
export interface Arrival {
  door: string
  vouched: Omit<Vouched, 'signed' | 'unsigned'>
  /** What the signed claims are read from; undefined where no token speaks. */
  payload: ReadonlyMap<string, unknown> | undefined
  return_to: string
  /** Our side of a sign-in bounce, as it came back; it counts only beside the browser's own cookie. */
  state: string | undefined
  /** The request itself proves that a page of ours, or of a listed origin, sent it. */
  fromOwnPage: boolean
}

/** Keeps a login that waits for its person, without its token. Answers the code that goes into the waiting browser's cookie. */
export async function keepPendingLogin(db: Db, workspace: Workspace, arrival: Arrival, now: Instant): Promise<string> {
  const { door, vouched, payload, return_to, state, fromOwnPage } = arrival
  const { who, key, oneTimeUse, parent_session_id } = vouched
  const code = newSecret()
  await db
    .insertInto('pending_logins')
    .values({
      code_hash: hashOf(code),
      workspace_id: workspace.id,
      door,
      ...columnsOf(who),
      claims: payload ? JSON.stringify(Object.fromEntries(payload)) : null,
      signing_key_id: key?.id ?? null,
      parent_session_id: parent_session_id ?? null,
      replay_key: oneTimeUse?.replay_key ?? null,
      token_expires_at: oneTimeUse?.replayable_until ?? null,
      return_to,
      state: state ?? null,
      from_own_page: fromOwnPage ? 1 : 0,
      expires_at: Math.min(now + WAITS_MS, oneTimeUse?.replayable_until ?? Infinity),
    })
    .execute()
  return code
}

/** The waiting login behind a code, still good: its key may have been retired, and its token used, while it waited. */
export async function getPendingLogin(db: Db, keyring: Keyring, workspace: Workspace, { code, now }: Waiting): Promise<Arrival> {
  const row = await db
    .selectFrom('pending_logins')
    .selectAll()
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  return readArrival(db, keyring, workspace, { row, now })
}

/** The same, and it waits no longer: of two presses one gets it. */
export async function takePendingLogin(db: Db, keyring: Keyring, workspace: Workspace, { code, now }: Waiting): Promise<Arrival> {
  const row = await db
    .deleteFrom('pending_logins')
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .returningAll()
    .executeTakeFirst()
  return readArrival(db, keyring, workspace, { row, now })
}

/** What of an arrival may be said to `signIn`, with the claims read from its payload. */
export function vouchedOf({ vouched, payload }: Arrival): Vouched {
  return { ...vouched, signed: payload && (readClaims(new Map(payload)) ?? undefined), unsigned: undefined }
}

interface Waiting {
  code: string
  now: Instant
}

async function readArrival(
  db: Db,
  keyring: Keyring,
  workspace: Workspace,
  { row, now }: { row: Selectable<PendingLoginsTable> | undefined; now: Instant },
): Promise<Arrival> {
  if (!row || row.expires_at <= now) throw new Failure('login_expired')
  const key = row.signing_key_id === null ? null : await liveKey(keyring, workspace, row.signing_key_id, now)
  const oneTimeUse =
    row.replay_key === null || row.token_expires_at === null
      ? undefined
      : { replay_key: row.replay_key, replayable_until: row.token_expires_at }
  if (oneTimeUse) await refuseUsedToken(db, workspace, oneTimeUse)
  return {
    door: row.door,
    vouched: { who: whoOf(row), key, oneTimeUse, parent_session_id: row.parent_session_id ?? undefined },
    payload: row.claims === null ? undefined : new Map(Object.entries(Payload.parse(JSON.parse(row.claims)))),
    return_to: row.return_to,
    state: row.state ?? undefined,
    fromOwnPage: row.from_own_page === 1,
  }
}

async function liveKey(keyring: Keyring, workspace: Workspace, id: number, now: Instant) {
  const key = (await keyring.keysOf(workspace, now)).find(({ row }) => row.id === id)
  if (!key || key.row.retired_at !== null) throw new Failure('login_expired')
  return key.row
}

function columnsOf(who: Who): Pick<Selectable<PendingLoginsTable>, 'user_id' | 'contact_id' | 'issuer' | 'subject'> {
  return { ...{ user_id: null, contact_id: null, issuer: null, subject: null }, ...who }
}

function whoOf({ user_id, contact_id, issuer, subject }: Selectable<PendingLoginsTable>): Who {
  if (user_id !== null) return { user_id }
  if (issuer !== null && subject !== null) return { issuer, subject }
  if (contact_id !== null) return { contact_id }
  throw new Error('A waiting login names nobody.')
}
