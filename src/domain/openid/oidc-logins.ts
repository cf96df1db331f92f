import type { Instant, ProviderId } from '#db/columns.ts'
import { Failure } from '#errors'
import { hashOf } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export const AWAY_MS = 10 * 60_000

/** What tells one way to a provider and back from every other: a secret of the browser, and one of this way alone. */
export interface Journey {
  browser: string
  state: string
}

export interface OidcLogin {
  provider_id: ProviderId
  return_to: string
}

/** Remembers who is at a provider now. */
export async function keepOidcLogin(db: Db, workspace: Workspace, journey: Journey, login: OidcLogin & { now: Instant }): Promise<void> {
  const { now, ...columns } = login
  await db
    .insertInto('oidc_logins')
    .values({ workspace_id: workspace.id, state_hash: hashOfJourney(journey), ...columns, expires_at: now + AWAY_MS })
    .execute()
}

/** Who comes back, once, in the browser that set out. */
export async function takeOidcLogin(db: Db, workspace: Workspace, journey: Journey, now: Instant): Promise<OidcLogin> {
  const login = await db
    .deleteFrom('oidc_logins')
    .where('state_hash', '=', hashOfJourney(journey))
    .where('workspace_id', '=', workspace.id)
    .returningAll()
    .executeTakeFirst()
  if (!login || login.expires_at <= now) throw new Failure('login_state_invalid')
  return login
}

function hashOfJourney({ browser, state }: Journey): string {
  return hashOf(`oidc/${browser}/${state}`)
}
