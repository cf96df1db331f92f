import type { Instant } from '#db/columns.ts'
import { errors, type ErrorCode } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { hintOfUserId } from '#domain/identity/hint.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { judgeTokenAge, span } from './judge-clock.ts'
import type { Part } from './lines.ts'
import { compareSites } from './same-site.ts'

/** So many refusals in a row, with nothing accepted since, are a pattern. */
const PATTERN = 3
const OLD_MS = 120_000
const TOKENS_LOOKED_AT = 100
const TOKENS_PER_ORIGIN = 5

/** What the boots of late ended in. */
export async function judgeMessenger(db: Db, workspace: Workspace): Promise<Part[]> {
  const boots = db.selectFrom('login_log').where('workspace_id', '=', workspace.id).where('door', '=', 'boot')
  const [accepted, refused] = await Promise.all([
    boots
      .select(['id', 'at', 'origin', 'user_id'])
      .where('kid', 'is not', null)
      .where('outcome', 'in', ['signed_in', 'resumed'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
    boots
      .select(['id', 'at', 'origin', 'code', 'hint'])
      .where('outcome', 'in', ['refused', 'claimed'])
      .where('code', 'is not', null)
      .orderBy('id', 'desc')
      .limit(PATTERN)
      .execute(),
  ])
  const since = refused.filter(({ id }) => id > (accepted?.id ?? 0))
  const [last] = since
  const parts: Part[] = accepted
    ? [{ state: 'ok', code: null, evidence: { text: 'A boot with a valid token was seen.', ...spot(accepted) } }]
    : []
  const odd = hintOfUserId(accepted?.user_id)
  if (accepted && odd !== undefined) parts.push({ state: 'warn', code: 'user_id_of_nobody', evidence: { text: odd, ...spot(accepted) } })
  if (last) {
    const code = last.code !== null && last.code in errors ? (last.code as ErrorCode) : 'boots_refused'
    const state = !accepted ? 'fail' : since.length >= PATTERN ? 'warn' : 'ok'
    const text = `${accepted ? 'Since then a' : 'The last'} boot was refused: ${last.code}.${last.hint === null ? '' : ` ${last.hint}`}`
    parts.push({ state, code: state === 'ok' ? null : code, evidence: { text, ...spot(last) } })
  }
  return parts.length > 0 ? parts : [{ state: 'unknown', code: 'never_booted', evidence: await withoutToken(db, workspace) }]
}

/** Boots that brought no token, and what was odd about the last of them. */
async function withoutToken(db: Db, workspace: Workspace): Promise<Part['evidence']> {
  const odd = await db
    .selectFrom('login_log')
    .select(['at', 'origin', 'hint'])
    .where('workspace_id', '=', workspace.id)
    .where('door', '=', 'boot')
    .where('hint', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return odd ? { text: `No boot with a token was seen. ${odd.hint}`, ...spot(odd) } : said('No boot with a token was seen.')
}

export async function judgeSecret(db: Db, workspace: Workspace): Promise<Part[]> {
  const live = await db
    .selectFrom('signing_keys')
    .select(['kid', 'last_used_at'])
    .where('workspace_id', '=', workspace.id)
    .where('retired_at', 'is', null)
    .orderBy('last_used_at', 'desc')
    .execute()
  if (live.length === 0) return [{ state: 'fail', code: 'secret_missing', evidence: said('No key is live.') }]
  const used = live.find(({ last_used_at }) => last_used_at !== null)
  const keys: Part = {
    state: 'ok',
    code: null,
    evidence: {
      text: `${live.map(({ kid }) => kid).join(', ')} may sign${used ? `; ${used.kid} was used last` : ''}.`,
      at: used?.last_used_at ?? null,
      origin: null,
    },
  }
  const mode = workspace.enforcement_web
  if (mode === 'enforce') return [keys, { state: 'ok', code: null, evidence: said('Identity is enforced on the web.') }]
  return [keys, { state: 'warn', code: 'not_enforced', evidence: said(`Enforcement on the web is ${mode}.`) }]
}

/** With a Login URL readers of another site still get in, one redirect later. */
export function judgeSites(host: string | undefined, origins: readonly string[], { login_url }: Workspace): Part[] {
  if (host === undefined) return [{ state: 'fail', code: 'host_missing', evidence: said('There is no support host to compare with.') }]
  if (origins.length === 0) return [{ state: 'fail', code: 'origins_missing', evidence: said('The list of origins is empty.') }]
  const results = origins.map((origin) => ({ origin, ...compareSites(origin, host) }))
  const isAnySame = results.some(({ isSameSite }) => isSameSite)
  return results.map(({ origin, code, evidence }) => ({
    state: code === null ? 'ok' : isAnySame || login_url !== null ? 'warn' : 'fail',
    code,
    evidence: { text: evidence, at: null, origin },
  }))
}

/** How old tokens are when they arrive, by origin: one from the future proves a clock ahead, only old ones a clock behind. */
export async function judgeTokenClocks(db: Db, workspace: Workspace): Promise<Part[]> {
  const tokens = await db
    .selectFrom('login_log')
    .select(['at', 'origin', 'token_age_ms', 'code'])
    .where('workspace_id', '=', workspace.id)
    .where('token_age_ms', 'is not', null)
    .orderBy('id', 'desc')
    .limit(TOKENS_LOOKED_AT)
    .execute()
  const byOrigin = Map.groupBy(tokens, ({ origin }) => origin)
  return [...byOrigin.values()].map((list) => judgeTokens(list.slice(0, TOKENS_PER_ORIGIN)))
}

function judgeTokens(tokens: { at: Instant; origin: string | null; token_age_ms: number | null; code: string | null }[]): Part {
  const [newest] = tokens
  const ages = tokens.map(({ token_age_ms }) => Number(token_age_ms))
  const [age = 0] = ages
  const youngest = Math.min(...ages)
  const where = newest ? spot(newest) : { at: null, origin: null }
  if (youngest > OLD_MS) {
    const text = `The youngest of the last ${ages.length} tokens was ${span(youngest)} old when it arrived: the clock is behind, or tokens are kept too long.`
    return { state: newest?.code === 'user_jwt_expired' ? 'fail' : 'warn', code: 'app_clock_behind', evidence: { text, ...where } }
  }
  const { state, code, evidence } = judgeTokenAge(age, 'The last token')
  return { state, code, evidence: { text: evidence, ...where } }
}

function spot({ at, origin }: { at: Instant; origin: string | null }): { at: Instant; origin: string | null } {
  return { at, origin }
}

function said(text: string): Part['evidence'] {
  return { text, at: null, origin: null }
}
