import type { Instant } from '#db/columns.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import { BEARER_LIFE, findSessionByHash, rootOf, type Session, type StandingSession } from './sessions.ts'
import { familyOfDevice, signOut } from './sign-outs.ts'

/**
 * What a page on another site holds in its memory instead of a cookie: sealed, so nothing of it is stored here, and worth
 * nothing once its hour or its session is over.
 */
export function sealBearer(encryption: Encryption, { secret_hash, workspace_id }: Session, now: Instant): string {
  return encryption.seal(`${now + BEARER_LIFE} ${secret_hash}`, `workspace ${workspace_id}`)
}

/** The living session that a bearer stands for. */
export async function findSessionOfBearer(
  db: Db,
  encryption: Encryption,
  host: Host,
  { bearer, now }: { bearer: string; now: Instant },
): Promise<StandingSession | null> {
  const [expires_at = '0', secret_hash = ''] = open(encryption, bearer, `workspace ${host.workspace_id}`).split(' ')
  if (Number(expires_at) <= now) return null
  const session = await findSessionByHash(db, host, secret_hash, now)
  return session && session.carrier !== 'cookie' ? session : null
}

/** The living session behind the secret of the partitioned cookie; seen for the first time, it lives as long as any other from now on. */
export async function findEmbeddedSession(db: Db, host: Host, secret: string, now: Instant): Promise<StandingSession | null> {
  const session = await findSessionByHash(db, host, hashOf(secret), now)
  if (!session || session.carrier === 'cookie') return null
  if (session.carrier === 'embedded') return session
  const kept = { carrier: 'embedded', expires_at: Math.min(now + session.duration_ms, session.ends_at) } as const
  await db.updateTable('sessions').set(kept).where('workspace_id', '=', host.workspace_id).where('id', '=', session.id).execute()
  return { ...session, ...kept }
}

/**
 * A logout on another site: where no cookie stays, each page had a session of its own, so all that this device's pages
 * started for the person end together, and with them what they handed over.
 */
export async function endMessengerSessions(db: Db, workspace: Workspace, session: Session, now: Instant): Promise<void> {
  const { contact_id, device } = session
  const root = rootOf(session)
  if (contact_id === null) return signOut(db, workspace, { roots: [root] }, now)
  const all = await db
    .selectFrom('sessions')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('contact_id', '=', contact_id)
    .where('carrier', '!=', 'cookie')
    .where('device', '=', device)
    .execute()
  const roots = [...new Set([root, ...all.map((row) => row.id)])]
  await signOut(db, workspace, { roots, family: familyOfDevice(session) }, now)
}

function open(encryption: Encryption, bearer: string, context: string): string {
  try {
    return encryption.open(bearer, context)
  } catch {
    return ''
  }
}
