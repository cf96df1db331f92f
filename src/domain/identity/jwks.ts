import { z } from 'zod'
import type { Instant, SigningKeyId } from '#db/columns.ts'
import type { Db } from '#platform/database/database.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import { keyFromJwk, presentJwk, type PublicAlgorithm, type PublicKey } from './public-keys.ts'
import type { SigningKeyRow } from './signing-keys.ts'

const TIMEOUT_MS = 5000
const COOL_DOWN_MS = 60_000
/** Read again in the background once they are this old … */
export const FRESH_MS = 10 * 60_000
/** … and trusted up to this age while their address does not answer. */
export const STALE_MS = 24 * 3_600_000
const MAX_KEYS = 30

const KeySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(MAX_KEYS) })

export type JwksAnswer = { ok: true; keys: PublicKey[] } | { ok: false; fault: string }

/** The keys at this address that fit the algorithm; what else stands there is passed over. */
export async function fetchJwks(client: HttpClient, url: string, algorithm: PublicAlgorithm): Promise<JwksAnswer> {
  const answer = await client.fetch(url, { headers: { accept: 'application/jwk-set+json, application/json' }, timeoutMs: TIMEOUT_MS })
  if (!answer.ok) return { ok: false, fault: answer.detail }
  if (answer.status !== 200) return { ok: false, fault: `It answers with status ${answer.status}.` }
  const keys = readJwks(answer.body.toString('utf8'), algorithm)
  if (!keys) return { ok: false, fault: 'What it answers is not a JWKS.' }
  return keys.length > 0 ? { ok: true, keys } : { ok: false, fault: `It publishes no public key that fits ${algorithm}.` }
}

/** Undefined if the text is no key set at all. */
export function readJwks(text: string, algorithm: PublicAlgorithm): PublicKey[] | undefined {
  try {
    return KeySet.parse(JSON.parse(text)).keys.flatMap((jwk) => keyFromJwk(jwk, algorithm) ?? [])
  } catch {
    return undefined
  }
}

export function presentJwks(keys: readonly PublicKey[]): string {
  return JSON.stringify({ keys: keys.map(presentJwk) })
}

export interface JwksReader {
  /** Reads the key's address again, at most once in 60 seconds; callers at one time share one reading. True if it was asked, whatever came of it. */
  refresh(row: SigningKeyRow, now: Instant): Promise<boolean>
  /** When nothing is being read any more. */
  settled(): Promise<void>
}

export function openJwksReader(db: Db, client: HttpClient): JwksReader {
  const tried = new Map<SigningKeyId, Instant>()
  const running = new Map<SigningKeyId, Promise<boolean>>()
  return {
    refresh(row, now) {
      const shared = running.get(row.id)
      if (shared) return shared
      if (now - (tried.get(row.id) ?? -Infinity) < COOL_DOWN_MS) return Promise.resolve(false)
      tried.set(row.id, now)
      const reading = readAgain(db, client, row, now).finally(() => running.delete(row.id))
      running.set(row.id, reading)
      return reading
    },
    settled: async () => void (await Promise.allSettled(running.values())),
  }
}

async function readAgain(db: Db, client: HttpClient, row: SigningKeyRow, now: Instant): Promise<boolean> {
  if (row.algorithm === 'HS256') return false
  const answer = await fetchJwks(client, row.material, row.algorithm)
  await db
    .updateTable('signing_keys')
    .set(answer.ok ? { published_keys: presentJwks(answer.keys), fetched_at: now, fetch_fault: null } : { fetch_fault: answer.fault })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .execute()
  return true
}
