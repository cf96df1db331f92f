import { randomBytes } from 'node:crypto'
import type { Instant } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import { hashOf } from '#platform/ids/ids.ts'
import type { Teammate } from './teammates.ts'

const HOW_MANY = 10
/** Without the letters that look like a digit, or like each other (Crockford's base 32). */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
/** 80 bits, so that a copy of the hashes is worth nothing. */
const LENGTH = 16

type Owner = Pick<Teammate, 'workspace_id' | 'id'>

/** Ten codes, known only here; those of before are void. */
export async function replaceRecoveryCodes(db: Db, owner: Owner, now: Instant): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, newRecoveryCode)
  await deleteRecoveryCodes(db, owner)
  const row = { workspace_id: owner.workspace_id, teammate_id: owner.id, created_at: now }
  await db
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ ...row, code_hash: hashOf(plain(code)) })))
    .execute()
  return codes
}

/** Its one use: true if it was one. */
export async function takeRecoveryCode(db: Db, { workspace_id, id }: Owner, code: string): Promise<boolean> {
  const taken = await db
    .deleteFrom('recovery_codes')
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .where('code_hash', '=', hashOf(plain(code)))
    .returning('code_hash')
    .executeTakeFirst()
  return taken !== undefined
}

export async function countRecoveryCodes(db: Db, { workspace_id, id }: Owner): Promise<number> {
  const { left } = await db
    .selectFrom('recovery_codes')
    .select(({ fn }) => fn.countAll<number>().as('left'))
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(left)
}

export async function deleteRecoveryCodes(db: Db, { workspace_id, id }: Owner): Promise<void> {
  await db.deleteFrom('recovery_codes').where('workspace_id', '=', workspace_id).where('teammate_id', '=', id).execute()
}

/** Four groups of four. */
function newRecoveryCode(): string {
  const text = Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('')
  return text.replaceAll(/.{4}(?=.)/g, '$&-')
}

/** As it is hashed, however it was typed. */
function plain(code: string): string {
  return code
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
}
