import type { Instant } from '#db/columns.ts'
import { recordAudit } from '#domain/audit/audit-log.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { enter, type Entry, type Visit } from './finish-sign-in.ts'
import { MOST_WORKSPACES, teammatesWithPassword, verifyPassword } from './passwords.ts'
import type { Teammate } from './teammates.ts'

interface Candidate {
  teammate: Teammate
  hash: string
}

export interface TeammateClaim {
  email: string
  password: string
  /** Where one password opens several workspaces: which of them. */
  app_id?: string | undefined
}

/** `choose` lists the workspaces when the password opens more than one and none was named. */
export type TeammateSignIn = Entry | { choose: Workspace[] }

/** Throws `sign_in_refused` for an unknown address and for a wrong password alike, after the same work. */
export async function signInTeammate(db: Db, { email, password, app_id }: TeammateClaim, at: Visit): Promise<TeammateSignIn> {
  const candidates = await findCandidates(db, email)
  const checked = await Promise.all(
    candidates.length === 0
      ? [verifyPassword(password, undefined).then(() => undefined)]
      : candidates.map(async (candidate) => ((await verifyPassword(password, candidate.hash)) ? candidate.teammate : undefined)),
  )
  const opened = checked.filter((teammate) => teammate !== undefined)
  const workspaces = await workspacesOf(db, opened)
  const teammate = opened.length === 1 ? opened[0] : opened.find(({ workspace_id }) => workspaces.get(workspace_id)?.app_id === app_id)
  if (teammate) return enterAndRecord(db, teammate, at)
  if (opened.length > 1) return { choose: [...workspaces.values()] }
  await recordRefusals(db, candidates, at)
  throw new Failure('sign_in_refused')
}

async function enterAndRecord(db: Db, teammate: Teammate, visit: Visit): Promise<Entry> {
  return atomically(db, async (db) => {
    const entry = await enter(db, teammate, visit)
    const { workspace_id, id } = teammate
    const line = { workspace_id, teammate_id: id, action: 'teammate.signed_in', detail: visit.device, address: visit.address } as const
    if ('secret' in entry) await recordAudit(db, line, visit.now)
    return entry
  })
}

async function recordRefusals(db: Db, candidates: Candidate[], { address, now }: { address: string; now: Instant }): Promise<void> {
  for (const { teammate } of candidates) {
    const { workspace_id, email } = teammate
    await recordAudit(db, { workspace_id, teammate_id: null, action: 'teammate.sign_in_refused', subject: email, address }, now)
  }
}

/** Across workspaces: the address and the password say which. */
async function findCandidates(db: Db, email: string): Promise<Candidate[]> {
  const rows = await teammatesWithPassword(db, email)
    .selectAll('teammates')
    .select('password_hash')
    .orderBy('teammates.id')
    .limit(MOST_WORKSPACES)
    .execute()
  return rows.map(({ password_hash, ...teammate }) => ({ teammate, hash: password_hash }))
}

async function workspacesOf(db: Db, teammates: Teammate[]): Promise<Map<Workspace['id'], Workspace>> {
  if (teammates.length === 0) return new Map()
  const ids = teammates.map(({ workspace_id }) => workspace_id)
  const rows = await db.selectFrom('workspaces').selectAll().where('id', 'in', ids).orderBy('name').execute()
  return new Map(rows.map((workspace) => [workspace.id, workspace]))
}
