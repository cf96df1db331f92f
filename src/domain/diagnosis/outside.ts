import type { Instant } from '#db/columns.ts'
import type { HttpClient } from '#platform/http-client/http-client.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import type { Finding } from './findings.ts'
import { lookFromOutside } from './look-from-outside.ts'

const FRESH_MS = 30_000
const KNOWN = 200

/** The view from outside, remembered for half a minute, so that a page which shows it live asks no more often. */
export interface Outside {
  look(host: string, app: string | undefined): Promise<Finding[]>
}

export function openOutside(client: HttpClient, now: () => Instant): Outside {
  const known = boundedCache<string, { at: Instant; findings: Promise<Finding[]> }>(KNOWN)
  return {
    look(host, app) {
      const key = `${host} ${app ?? ''}`
      const found = known.get(key)
      if (found && Math.abs(now() - found.at) < FRESH_MS) return found.findings
      return known.set(key, { at: now(), findings: lookFromOutside({ client, host, app, now }) }).findings
    },
  }
}
