import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import {
  forgetUnprovedHost,
  lookForProof,
  requestHost,
  settleProof,
  type ProofSources,
  type UnprovedHost,
} from '#domain/workspaces/unproved-hosts.ts'
import { listHosts, makeHostPrimary, removeHost, type Host } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'
import { audited, type Actor } from './audited.ts'

export async function wantHost(db: Db, actor: Actor, address: string, now: Instant): Promise<Host | UnprovedHost> {
  return audited(
    db,
    actor,
    async (db) => {
      const result = await requestHost(db, actor.workspace, address, now)
      return { result, deed: { action: 'proved_by' in result ? 'host.added' : 'host.wanted', subject: result.origin } }
    },
    now,
  )
}

/** Looks for the proof now. Only the answer is written in a transaction: the outside world takes its time. */
export async function tryProof(
  db: Db,
  actor: Actor,
  host: string,
  { sources, now }: { sources: ProofSources; now: Instant },
): Promise<Host | UnprovedHost> {
  const answers = await lookForProof(db, actor.workspace, host, sources)
  return audited(
    db,
    actor,
    async (db) => {
      const result = await settleProof(db, actor.workspace, host, { answers, now })
      const isProved = 'proved_by' in result
      return { result, deed: isProved ? { action: 'host.proved', subject: result.origin, detail: `by ${result.proved_by}` } : undefined }
    },
    now,
  )
}

/** The others ask this host who is signed in. */
export async function preferHost(db: Db, actor: Actor, host: string, now: Instant): Promise<Host> {
  const { workspace } = actor
  return audited(
    db,
    actor,
    async (db) => {
      const served = (await listHosts(db, workspace)).find((one) => one.host === host)
      if (!served) throw new Failure('not_found')
      const result = await makeHostPrimary(db, workspace, served.origin)
      return { result, deed: { action: 'host.preferred', subject: served.origin } }
    },
    now,
  )
}

/** It is served no longer, or waits for its proof no longer. */
export async function dropHost(db: Db, actor: Actor, host: string, now: Instant): Promise<void> {
  const { workspace } = actor
  await audited(
    db,
    actor,
    async (db) => {
      const served = (await listHosts(db, workspace)).find((one) => one.host === host)
      if (served) await removeHost(db, workspace, served.origin)
      else if (!(await forgetUnprovedHost(db, workspace, host))) throw new Failure('not_found')
      return { result: undefined, deed: { action: 'host.removed', subject: served?.origin ?? host } }
    },
    now,
  )
}
