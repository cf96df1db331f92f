import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import { emailAddress, type Teammate } from './teammates.ts'

/** OWASP's second choice of argon2id: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const TAG_BYTES = 32
const FEWEST = 8
const MOST = 200
/** In which one person is looked for: each costs a password's hash. */
export const MOST_WORKSPACES = 5
const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

const derive = promisify(argon2)
/** The 3,000 most used passwords of eight characters or more, in lower case; from zxcvbn 4.4.2 (MIT), which took them from leaks. */
const common = new Set(readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8').split('\n'))
/** Of no password: an unknown address costs as much as a known one. */
const NOBODYS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(randomBytes(16))}$${base64(randomBytes(TAG_BYTES))}`

/** The PHC form of a new password; throws if it is too short, too long, or what everybody tries first. */
export async function hashPassword(password: string, { email }: { email: string }): Promise<string> {
  const text = password.normalize('NFC')
  const length = [...text].length
  if (length < FEWEST) throw new Failure('password_too_short', { field: 'password' })
  if (length > MOST) throw new Failure('password_too_long', { field: 'password' })
  if (isCommon(text, email)) throw new Failure('password_too_common', { field: 'password' })
  const salt = randomBytes(16)
  const tag = await derive('argon2id', { message: text, nonce: salt, tagLength: TAG_BYTES, ...COST })
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`
}

/** A person may work in several workspaces under one address, each with a password of its own. */
export function teammatesWithPassword(db: Db, email: string) {
  return db
    .selectFrom('teammates')
    .innerJoin('teammate_passwords', (join) =>
      join
        .onRef('teammate_passwords.workspace_id', '=', 'teammates.workspace_id')
        .onRef('teammate_passwords.teammate_id', '=', 'teammates.id'),
    )
    .where('teammates.email', '=', emailAddress(email))
    .where('teammates.removed_at', 'is', null)
}

/** Takes as long for nobody's hash (undefined) as for somebody's. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = FORM.exec(hash ?? NOBODYS) ?? []
  const expected = Buffer.from(tag, 'base64')
  const given = await derive('argon2id', {
    // What is too long is wrong, but takes its time.
    message: password.slice(0, 4 * MOST).normalize('NFC'),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
    ...{ memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  })
  return timingSafeEqual(given, expected) && hash !== undefined
}

export async function storePassword(db: Db, { workspace_id, id }: Teammate, password_hash: string, now: Instant): Promise<void> {
  await db
    .insertInto('teammate_passwords')
    .values({ workspace_id, teammate_id: id, password_hash, changed_at: now })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'teammate_id']).doUpdateSet({ password_hash, changed_at: now }))
    .execute()
}

export async function findPasswordHash(db: Db, { workspace_id, id }: Pick<Teammate, 'workspace_id' | 'id'>): Promise<string | undefined> {
  const row = await db
    .selectFrom('teammate_passwords')
    .select('password_hash')
    .where('workspace_id', '=', workspace_id)
    .where('teammate_id', '=', id)
    .executeTakeFirst()
  return row?.password_hash
}

function isCommon(password: string, email: string): boolean {
  const text = password.toLowerCase()
  return common.has(text) || text === email || text === email.split('@', 1)[0] || new Set(text).size < 4
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
