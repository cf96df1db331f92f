import type { Instant } from '#db/columns.ts'
import type { Checklist, ChecklistId } from '#shared/diagnosis.ts'
import type { Db } from '#platform/database/database.ts'
import { listHosts, listOrigins, type Workspace } from '#domain/workspaces/workspaces.ts'
import { judgeMessenger, judgeSecret, judgeSites, judgeTokenClocks } from './evidence.ts'
import { lineOf, type Finding } from './findings.ts'
import { judgeCookie } from './judge-cookie.ts'
import { toLine, type Part } from './lines.ts'
import type { Outside } from './outside.ts'

/** Why somebody may not be logged in: every condition of a login with what was seen of it. Without `outside` nothing is asked over the network. */
export async function readChecklist(
  db: Db,
  workspace: Workspace,
  { now, outside }: { now: Instant; outside?: Outside | undefined },
): Promise<Checklist> {
  const [hosts, origins] = await Promise.all([listHosts(db, workspace), listOrigins(db, workspace)])
  const host = hosts.find(({ is_primary }) => is_primary === 1) ?? hosts[0]
  const findings = host && outside ? await outside.look(host.origin, origins[0]) : []
  const seen = (line: ChecklistId) => findings.filter(({ id }) => lineOf[id] === line).map((finding) => toPart(finding, now))
  const lines = [
    toLine('messenger', await judgeMessenger(db, workspace)),
    toLine('secret', await judgeSecret(db, workspace)),
    toLine('https', [...judgeHttps(host?.origin), ...seen('https')]),
    toLine('site', judgeSites(host?.origin, origins, workspace)),
    toLine('cookie', host ? await judgeCookie(db, workspace, { host, now }) : []),
    toLine('proxy', seen('proxy')),
    toLine('clock', [...(await judgeTokenClocks(db, workspace)), ...seen('clock')]),
    toLine('login_url', await judgeLoginUrl(db, workspace, seen('login_url'))),
    toLine('portal', [
      workspace.portal_on === 1 ? part('ok', null, 'The portal is on.') : part('warn', 'portal_off', 'The portal is off.'),
    ]),
  ]
  return { read_at: now, host: host?.origin ?? null, lines }
}

function part(state: Part['state'], code: Part['code'], text: string): Part {
  return { state, code, evidence: { text, at: null, origin: null } }
}

function toPart({ state, code, evidence }: Finding, now: Instant): Part {
  return { state, code, evidence: { text: evidence, at: now, origin: null } }
}

function judgeHttps(origin: string | undefined): Part[] {
  if (origin === undefined) return [part('fail', 'host_missing', 'No host was added.')]
  const { protocol, hostname } = new URL(origin)
  if (protocol === 'https:') return [part('ok', null, `The support host is ${origin}.`)]
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost')
  return [
    isLocal ? part('ok', null, `${origin} is this machine alone.`) : part('fail', 'host_plain_http', `The support host is ${origin}.`),
  ]
}

async function judgeLoginUrl(db: Db, workspace: Workspace, seen: Part[]): Promise<Part[]> {
  if (workspace.login_url === null) return [part('warn', 'login_url_missing', 'No Login URL is set.')]
  const returned = await db
    .selectFrom('login_log')
    .select(['at', 'origin'])
    .where('workspace_id', '=', workspace.id)
    .where('door', '=', 'login_jwt')
    .where('outcome', '=', 'signed_in')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { origin, pathname } = new URL(workspace.login_url)
  const evidence = { text: `Somebody came back from it with a valid token.`, at: returned?.at ?? null, origin: returned?.origin ?? null }
  if (returned) return [...seen, { state: 'ok', code: null, evidence }]
  return [...seen, part('unknown', null, `Nobody has come back from ${origin}${pathname} with a token yet.`)]
}
