import type { Instant } from '#db/columns.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { lockForAppend } from '#platform/database/advisory-lock.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** So that nobody's address is flooded through us, and no network or workspace sends without end. */
const CAPS = { address: { most: 3, within: 15 * MINUTE }, addressDay: { most: 20, within: DAY }, network: { most: 30, within: HOUR } }
const WORKSPACE_CAP = { most: 500, within: HOUR }

export type MailVerdict = 'allowed' | 'network_capped' | 'address_capped' | 'workspace_capped'

/** Counts one mail to an address that a stranger typed, if it may still be sent. */
export async function takeMailAllowance(
  db: Db,
  workspace: Workspace,
  { address, network }: { address: string; network: string },
  now: Instant,
): Promise<MailVerdict> {
  const counted = { address_hash: hashOf(`mail/${workspace.id}/${address}`), network_hash: hashOf(`network/${workspace.id}/${network}`) }
  return atomically(db, async (db) => {
    await lockForAppend(db, workspace.id)
    const rows = await db
      .selectFrom('asked_mails')
      .select(['address_hash', 'network_hash', 'at'])
      .where('workspace_id', '=', workspace.id)
      .where('at', '>', now - DAY)
      .where((row) =>
        row.or([
          row('address_hash', '=', counted.address_hash),
          row('network_hash', '=', counted.network_hash),
          row('at', '>', now - HOUR),
        ]),
      )
      .execute()
    const toAddress = rows.filter(({ address_hash }) => address_hash === counted.address_hash)
    const fromNetwork = rows.filter(({ network_hash }) => network_hash === counted.network_hash)
    if (isFull(fromNetwork, CAPS.network, now)) return 'network_capped'
    if (isFull(toAddress, CAPS.address, now) || isFull(toAddress, CAPS.addressDay, now)) return 'address_capped'
    if (isFull(rows, WORKSPACE_CAP, now)) return 'workspace_capped'
    await db
      .insertInto('asked_mails')
      .values({ workspace_id: workspace.id, ...counted, at: now })
      .execute()
    return 'allowed'
  })
}

/** Forgets what no cap counts any more. */
export async function pruneAskedMails(db: Db, now: Instant): Promise<void> {
  await db
    .deleteFrom('asked_mails')
    .where('at', '<=', now - DAY)
    .execute()
}

function isFull(rows: readonly { at: Instant }[], { most, within }: { most: number; within: number }, now: Instant): boolean {
  return rows.filter(({ at }) => at > now - within).length >= most
}
