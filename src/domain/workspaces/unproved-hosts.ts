import type { Selectable } from 'kysely'
import type { Instant } from '#db/columns.ts'
import type { UnprovedHostsTable } from '#db/workspace-tables.ts'
import { Failure } from '#errors'
import { atomically, type Db } from '#platform/database/database.ts'
import { isOwnMachine } from '#platform/http-client/own-machine.ts'
import { newSecret } from '#platform/ids/ids.ts'
import { addProvedHost, hostAt, type Host, type Workspace } from './workspaces.ts'

const MOST_WAITING = 20
const SHOWN = 200

export type UnprovedHost = Selectable<UnprovedHostsTable>

/** Where proofs are looked for; both answer or throw. */
export interface ProofSources {
  /** The TXT records of a DNS name, each joined from its pieces. */
  findTxt(name: string): Promise<string[]>
  /** The text at an address, which must answer itself: a redirect proves nothing about this host. */
  fetchText(url: string): Promise<string>
}

/** What its owner publishes in one of two places. */
export interface HostProof {
  txt_name: string
  txt_value: string
  file_url: string
  file_text: string
}

/** Wants a host for a workspace. It is served once its owner has proved it; this machine's own names need no proof. */
export async function requestHost(db: Db, workspace: Workspace, address: string, now: Instant): Promise<Host | UnprovedHost> {
  const { host, origin } = hostAt(address)
  if (isOwnMachine(new URL(origin).hostname)) return addProvedHost(db, workspace, { host, origin, proved_by: 'localhost' }, now)
  const own = await db.selectFrom('hosts').selectAll().where('host', '=', host).where('workspace_id', '=', workspace.id).executeTakeFirst()
  if (own) return own
  if ((await listUnprovedHosts(db, workspace)).length >= MOST_WAITING)
    throw new Failure('parameter_invalid', {
      field: 'address',
      detail: `Prove or remove one of the ${MOST_WAITING} hosts that wait first.`,
    })
  return db
    .insertInto('unproved_hosts')
    .values({ workspace_id: workspace.id, host, origin, token: newSecret(), created_at: now })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'host']).doUpdateSet({ origin }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function listUnprovedHosts(db: Db, workspace: Workspace): Promise<UnprovedHost[]> {
  return db.selectFrom('unproved_hosts').selectAll().where('workspace_id', '=', workspace.id).orderBy('host').execute()
}

export async function forgetUnprovedHost(db: Db, workspace: Workspace, host: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('unproved_hosts')
    .where('workspace_id', '=', workspace.id)
    .where('host', '=', host)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

export function proofOf({ origin, token }: UnprovedHost): HostProof {
  return {
    txt_name: `_latchkey.${new URL(origin).hostname}`,
    txt_value: `latchkey-host=${token}`,
    file_url: `${origin}/.well-known/latchkey-host`,
    file_text: `latchkey-host=${token}`,
  }
}

/** What was found in either place: `found`, or a sentence about what was there instead. */
export interface ProofAnswers {
  dns: string
  file: string
}

/** Looks in both places; one is enough. */
export async function lookForProof(db: Db, workspace: Workspace, host: string, sources: ProofSources): Promise<ProofAnswers> {
  const wanted = await getUnprovedHost(db, workspace, host)
  const [dns, file] = await Promise.all([lookInDns(wanted, sources), lookAtFile(wanted, sources)])
  return { dns, file }
}

/** From now on a proved host is served; of another the row says what was found instead. */
export async function settleProof(
  db: Db,
  workspace: Workspace,
  host: string,
  { answers: { dns, file }, now }: { answers: ProofAnswers; now: Instant },
): Promise<Host | UnprovedHost> {
  const { origin } = await getUnprovedHost(db, workspace, host)
  if (dns === FOUND || file === FOUND) {
    return atomically(db, async (db) => {
      await forgetUnprovedHost(db, workspace, host)
      return addProvedHost(db, workspace, { host, origin, proved_by: dns === FOUND ? 'dns' : 'file' }, now)
    })
  }
  return db
    .updateTable('unproved_hosts')
    .set({ dns_answer: dns, file_answer: file, checked_at: now })
    .where('workspace_id', '=', workspace.id)
    .where('host', '=', host)
    .returningAll()
    .executeTakeFirstOrThrow()
}

const FOUND = 'found'

async function getUnprovedHost(db: Db, workspace: Workspace, host: string): Promise<UnprovedHost> {
  const wanted = await db
    .selectFrom('unproved_hosts')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('host', '=', host)
    .executeTakeFirst()
  if (!wanted) throw new Failure('not_found')
  return wanted
}

async function lookInDns(wanted: UnprovedHost, { findTxt }: ProofSources): Promise<string> {
  const { txt_name, txt_value } = proofOf(wanted)
  try {
    const records = await findTxt(txt_name)
    if (records.some((record) => record.trim() === txt_value)) return FOUND
    return records.length === 0 ? `${txt_name} has no TXT record.` : `${txt_name} says ${quote(records.join(', '))}.`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return ['ENOTFOUND', 'ENODATA'].includes(code)
      ? `${txt_name} has no TXT record yet.`
      : `The DNS did not answer (${code || 'no reason'}).`
  }
}

async function lookAtFile(wanted: UnprovedHost, { fetchText }: ProofSources): Promise<string> {
  const { file_url, file_text } = proofOf(wanted)
  try {
    const text = await fetchText(file_url)
    return text.trim() === file_text ? FOUND : `The file says ${quote(text)}.`
  } catch (error) {
    return `The file was not found: ${printable(error instanceof Error ? error.message : 'no reason')}`
  }
}

function quote(text: string): string {
  return text.trim() === '' ? 'nothing' : `“${printable(text.trim())}”`
}

/** Foreign text that a teammate will read. */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, SHOWN)
}
