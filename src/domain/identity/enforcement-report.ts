import type { Instant, Platform } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const LAST_BOOTS = 1000
const LISTED = 10

export interface Tally {
  /** A code of the catalogue, or an origin; null is a caller that is no browser. */
  of: string | null
  times: number
}

/** What enforcing does, or would do, to the last boots of one platform. */
export interface EnforcementReport {
  platform: Platform
  /** How many boots this speaks of, and when the oldest of them was. */
  boots: number
  since: Instant | null
  /** Let in by a proof; as a visitor or by a session that stands; refused if enforced. */
  proved: number
  unnamed: number
  refused: number
  reasons: (Tally & { origins: Tally[] })[]
  origins: Tally[]
}

/** Every boot's line has the code that enforcing would answer, also where enforcement is `report` or `off` and the claim was let pass. */
export async function reportEnforcement(db: Db, workspace: Workspace, platform: Platform): Promise<EnforcementReport> {
  const boots = await db
    .selectFrom('login_log')
    .select(['at', 'outcome', 'code', 'origin', 'kid'])
    .where('workspace_id', '=', workspace.id)
    .where('door', '=', 'boot')
    .where('platform', '=', platform)
    .where('outcome', '<>', 'signed_out')
    .orderBy('id', 'desc')
    .limit(LAST_BOOTS)
    .execute()
  const refused = boots.filter(({ code }) => code !== null)
  const proved = boots.filter(({ code, kid }) => code === null && kid !== null)
  const reasons = tally(refused.map(({ code }) => code))
  return {
    platform,
    boots: boots.length,
    since: boots.at(-1)?.at ?? null,
    proved: proved.length,
    unnamed: boots.length - refused.length - proved.length,
    refused: refused.length,
    reasons: reasons.map(({ of, times }) => ({
      of,
      times,
      origins: tally(refused.filter(({ code }) => code === of).map(({ origin }) => origin)),
    })),
    origins: tally(refused.map(({ origin }) => origin)),
  }
}

function tally(values: (string | null)[]): Tally[] {
  const counts = new Map<string | null, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([of, times]) => ({ of, times }))
    .toSorted((a, b) => b.times - a.times)
    .slice(0, LISTED)
}
