import type { Instant } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import { pruneAuditLog } from '#domain/audit/audit-log.ts'
import { pruneProbes } from '#domain/diagnosis/probes.ts'
import { pruneEvents } from '#domain/events/events.ts'
import { pruneLoginLinks } from '#domain/identity/login-links.ts'
import { pruneLoginLog } from '#domain/identity/login-log.ts'
import { pruneAskedMails } from '#domain/mail/mail-caps.ts'
import { pruneSessions } from '#domain/sessions/sessions.ts'
import { pruneInvites } from '#domain/teammates/invites.ts'
import { listWorkspaces } from '#domain/workspaces/workspaces.ts'

const UNTIL_EXPIRY = [
  'used_tokens',
  'signed_out_sessions',
  'handoffs',
  'pending_logins',
  'email_links',
  'oidc_logins',
  'teammate_sessions',
  'password_resets',
  'half_sign_ins',
] as const

/** Forgets what has run out: sessions, sign-outs, used tokens, waiting logins, hand-overs, mailed links, old lines of the login log and of the event log. */
export async function prune(db: Db, now: Instant): Promise<void> {
  await pruneSessions(db, now)
  for (const table of UNTIL_EXPIRY) await db.deleteFrom(table).where('expires_at', '<=', now).execute()
  await pruneAskedMails(db, now)
  await pruneLoginLinks(db, now)
  await pruneInvites(db, now)
  for (const workspace of await listWorkspaces(db)) {
    await pruneLoginLog(db, workspace, now)
    await pruneEvents(db, workspace, now)
    await pruneProbes(db, workspace, now)
    await pruneAuditLog(db, workspace, now)
  }
}
