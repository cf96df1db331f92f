import type { Carrier, ContactId, Instant, SigningKeyId, Platform, SessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import { hashOf, newHexId, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import { last } from '#platform/database/packet.ts'
import { pick, prepared, typed } from '#platform/database/prepared.ts'
import { hostnameOf, type Host, type Workspace } from '#domain/workspaces/workspaces.ts'
import { BEARER_LIFE, findAlive, IDLE_LIFE, WHOLE_LIFE, type Session } from './sessions.ts'

const SHORTEST_LIFE = 60_000

export interface NewSession {
  kind: Session['kind']
  contact_id: ContactId | null
  visitor_id?: ContactId
  claimed_user_id?: string | null
  claimed_email?: string | null
  claims_digest?: string | null
  device: string
  platform: Platform
  door: string
  signing_key_id?: SigningKeyId | null
  parent_session_id?: SessionId | undefined
  carrier?: Carrier | undefined
  /** Where a random secret goes, and counts. */
  host: Host
  duration_ms?: number | undefined
  /** Random unless given: that of a token which every host under the parent domain sees, and the session counts at each. */
  secret?: string | undefined
}

/** Answers the row and the secret that goes into the cookie; only the secret's hash is stored. */
export async function startSession(
  db: Db,
  workspace: Workspace,
  session: NewSession,
  now: Instant,
): Promise<{ session: Session; secret: string }> {
  const secret = session.secret ?? newSecret()
  const parent = session.parent_session_id && (await useParent(db, workspace, session.parent_session_id, now))
  const row = sessionRow(workspace, session, { secret, parent, now })
  return { session: { ...row, id: await insertSession(db, row) }, secret }
}

/** The row of a session that begins now. */
function sessionRow(
  workspace: Workspace,
  session: NewSession,
  { secret, parent, now }: { secret: string; parent?: Session | undefined; now: Instant },
): Omit<Session, 'id'> {
  const duration = Math.min(idleLife(session.duration_ms), parent?.duration_ms ?? IDLE_LIFE)
  const carrier = session.carrier ?? 'cookie'
  return {
    workspace_id: workspace.id,
    secret_hash: hashOf(secret),
    kind: session.kind,
    contact_id: session.contact_id,
    visitor_id: session.visitor_id ?? (newHexId() as ContactId),
    claimed_user_id: session.claimed_user_id ?? null,
    claimed_email: session.claimed_email ?? null,
    claims_digest: session.claims_digest ?? null,
    device: session.device,
    platform: session.platform,
    door: session.door,
    signing_key_id: session.signing_key_id ?? null,
    parent_session_id: session.parent_session_id ?? null,
    carrier,
    hostname: hostnameFor(session),
    duration_ms: duration,
    created_at: now,
    last_seen_at: now,
    expires_at: now + (carrier === 'bearer' ? Math.min(duration, BEARER_LIFE) : duration),
    ends_at: Math.min(now + WHOLE_LIFE, parent?.ends_at ?? Infinity),
  }
}

function hostnameFor({ secret, host }: NewSession): string | null {
  return secret === undefined ? hostnameOf(host) : null
}

/** Looks at the key in the same statement: the keyring may be a second old, and no session starts under a key whose sessions were just ended. */
async function insertSession(db: Db, row: Omit<Session, 'id'>): Promise<SessionId> {
  const [started] = await insert(db, row)
  if (!started) throw new Error('A row that was inserted has an id.')
  if (started.key_retired_at !== null) throw new Failure('user_jwt_key_retired')
  return started.id
}

const COLUMNS = [
  ...(['workspace_id', 'secret_hash', 'kind', 'contact_id', 'visitor_id', 'claimed_user_id', 'claimed_email', 'claims_digest'] as const),
  ...(['device', 'platform', 'door', 'signing_key_id', 'parent_session_id', 'carrier', 'hostname', 'duration_ms'] as const),
  ...(['created_at', 'last_seen_at', 'expires_at', 'ends_at'] as const),
]

/** Those of them that are not text. */
const NUMBERS = new Set([
  'workspace_id',
  'signing_key_id',
  'parent_session_id',
  'duration_ms',
  'created_at',
  'last_seen_at',
  'expires_at',
  'ends_at',
])

const insert = prepared((db, row: Omit<Session, 'id'>) =>
  db
    .insertInto('sessions')
    .values(pick(row, COLUMNS))
    .returning((session) => [
      'sessions.id',
      session
        .selectFrom('signing_keys')
        .select('retired_at')
        .whereRef('signing_keys.workspace_id', '=', 'sessions.workspace_id')
        .whereRef('signing_keys.id', '=', 'sessions.signing_key_id')
        .as('key_retired_at'),
    ]),
)

/** The session that another one ends with: used now, and locked, so that it cannot end while its child begins. The child has a cookie, so both may last. */
async function useParent(db: Db, workspace: Workspace, id: SessionId, now: Instant): Promise<Session> {
  const parent = await findAlive(db, { workspace_id: workspace.id }, id, now)
  if (!parent) throw new Failure('login_expired')
  const { carrier, duration_ms, ends_at } = parent
  const used = await db
    .updateTable('sessions')
    .set({
      last_seen_at: now,
      expires_at: Math.min(now + duration_ms, ends_at),
      carrier: carrier === 'bearer' ? 'embedded' : carrier,
    })
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!used) throw new Failure('login_expired')
  return used
}

export function idleLife(asked: number | undefined): number {
  return Math.min(IDLE_LIFE, Math.max(SHORTEST_LIFE, asked ?? IDLE_LIFE))
}

/** The last statement of the transaction in which the contact may have come; where it did not, there is no session. */
export async function startFirstSession(
  db: Db,
  workspace: Workspace,
  session: NewSession & { contact_id: ContactId },
  now: Instant,
): Promise<{ session: Session; secret: string } | undefined> {
  const secret = newSecret()
  const row = sessionRow(workspace, session, { secret, now })
  const [started] = await insertFirst(db, row)
  return started && { session: { ...row, id: started.id }, secret }
}

const insertFirst = prepared((db, row: Omit<Session, 'id'>) =>
  db
    .insertInto('sessions')
    .columns(COLUMNS)
    .expression(
      db
        .selectFrom('contacts')
        .select(typed(row, COLUMNS, NUMBERS))
        .where('contacts.workspace_id', '=', row.workspace_id)
        .where('contacts.id', '=', row.contact_id),
    )
    .returning('sessions.id')
    .modifyEnd(last),
)
