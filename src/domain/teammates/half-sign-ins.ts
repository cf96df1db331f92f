import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Teammate } from './teammates.ts'

export const HALF_SIGN_IN_LIFE = 300_000

/** The secret for the browser that gave the right password; it opens nothing but the question for the code. */
export async function startHalfSignIn(db: Db, { workspace_id, id }: Teammate, now: Instant): Promise<string> {
  const secret = newSecret()
  const life = { created_at: now, expires_at: now + HALF_SIGN_IN_LIFE }
  await db
    .insertInto('half_sign_ins')
    .values({ secret_hash: hashOf(secret), workspace_id, teammate_id: id, ...life })
    .execute()
  return secret
}

/** Whose code is awaited, without using it up: a wrong code may be followed by the right one. Throws `sign_in_expired`. */
export async function readHalfSignIn(db: Db, secret: string | undefined, now: Instant): Promise<Teammate> {
  const teammate =
    secret === undefined
      ? undefined
      : await db
          .selectFrom('half_sign_ins')
          .innerJoin('teammates', (join) =>
            join.onRef('teammates.workspace_id', '=', 'half_sign_ins.workspace_id').onRef('teammates.id', '=', 'half_sign_ins.teammate_id'),
          )
          .selectAll('teammates')
          .where('secret_hash', '=', hashOf(secret))
          .where('expires_at', '>', now)
          .where('removed_at', 'is', null)
          .executeTakeFirst()
  if (!teammate) throw new Failure('sign_in_expired')
  return teammate
}

/** Its one use. Throws `sign_in_expired`. */
export async function takeHalfSignIn(db: Db, secret: string, now: Instant): Promise<void> {
  const taken = await db.deleteFrom('half_sign_ins').where('secret_hash', '=', hashOf(secret)).returning('expires_at').executeTakeFirst()
  if (!taken || now >= taken.expires_at) throw new Failure('sign_in_expired')
}

export async function endHalfSignIns(db: Db, { workspace_id, id }: Pick<Teammate, 'workspace_id' | 'id'>): Promise<void> {
  await db.deleteFrom('half_sign_ins').where('workspace_id', '=', workspace_id).where('teammate_id', '=', id).execute()
}
