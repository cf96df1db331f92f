import type { Instant } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { Part } from './lines.ts'
import { countProbes } from './probes.ts'
import { listSightings, type Sighting } from './sightings.ts'

const DAY = 86_400_000

interface Seen {
  returned: Sighting | undefined
  /** A page asked right after its boot. */
  lost: Sighting | undefined
  /** A page load that came from the app. */
  blank: Sighting | undefined
}

/** Whether a cookie that a boot set came back with a page load of the same browser. */
export async function judgeCookie(db: Db, workspace: Workspace, { host, now }: { host: Host; now: Instant }): Promise<Part[]> {
  const [sightings, probes] = await Promise.all([
    listSightings(db, workspace, host.host),
    countProbes(db, workspace, { host: host.host, now }),
  ])
  const latest = (kind: Sighting['kind']) => sightings.find((sighting) => sighting.kind === kind)
  const seen = { returned: latest('cookie_returned'), lost: latest('cookie_lost'), blank: latest('page_without_cookie') }
  const parts = [...judgeReturn(seen), ...judgeLoss(seen), ...(probes.times > 0 ? judgeBlank(seen, now) : [])]
  if (probes.times > 0 && !seen.returned) parts.push(notYet(probes))
  return parts.length > 0 ? parts : [unknown('No boot has set the probe cookie yet.', { at: null, origin: null })]
}

function judgeReturn({ returned }: Seen): Part[] {
  return returned ? [partOf('ok', returned, `The round trip was seen ${times(returned)}.`)] : []
}

function judgeLoss({ returned, lost }: Seen): Part[] {
  if (!lost || lost.last_at <= (returned?.last_at ?? 0)) return []
  const text = `A boot was answered, and the next request of that browser brought no cookie; seen ${times(lost)}.`
  return [partOf(returned ? 'warn' : 'fail', lost, text)]
}

/** One round trip of long ago says nothing about the proxy of today. */
function judgeBlank({ returned, blank }: Seen, now: Instant): Part[] {
  const isProved = returned !== undefined && now - returned.last_at <= DAY
  if (isProved || !blank || now - blank.last_at >= DAY) return []
  return [partOf(returned ? 'warn' : 'fail', blank, `Pages opened from the app brought no cookie; seen ${times(blank)}.`)]
}

function notYet({ times, last_at, origin }: { times: number; last_at: Instant | null; origin: string | null }): Part {
  const boots = `${times} ${times === 1 ? 'boot' : 'boots'} of the last day`
  return unknown(`${boots} set the probe cookie; no page load brought it back yet.`, { at: last_at, origin })
}

function partOf(state: Part['state'], { last_at, origin }: Sighting, text: string): Part {
  return { state, code: state === 'ok' ? null : 'cookie_not_returned', evidence: { text, at: last_at, origin } }
}

function unknown(text: string, where: { at: Instant | null; origin: string | null }): Part {
  return { state: 'unknown', code: null, evidence: { text, ...where } }
}

function times({ times }: Sighting): string {
  return Number(times) === 1 ? 'once' : `${times} times`
}
