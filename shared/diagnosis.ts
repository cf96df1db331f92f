/** What answers "why am I not logged in?": the checklist of a workspace, and the public probe. Times are Unix milliseconds, UTC. */

export type CheckState = 'ok' | 'warn' | 'fail' | 'unknown'

export type ChecklistId = 'messenger' | 'secret' | 'https' | 'site' | 'cookie' | 'proxy' | 'clock' | 'login_url' | 'portal'

export interface Checklist {
  read_at: number
  /** The support host it speaks of: the workspace's primary one. */
  host: string | null
  lines: ChecklistLine[]
}

export interface ChecklistLine {
  id: ChecklistId
  state: CheckState
  title: string
  /** What is wrong, by name; null while nothing is. */
  code: string | null
  sentence: string | null
  evidence: Evidence[]
  cure: string | null
  /** A heading of docs/login.md, such as `login.md#nothing-strips-or-caches`. */
  docs: string
}

export interface Evidence {
  text: string
  at: number | null
  origin: string | null
}

/** `GET /login/probe?host=&nonce=`: what of a request arrived. It knows nothing but the request itself. */
export interface ProbeAnswer {
  type: 'login.probe'
  /** Fresh in every answer: the same twice came from a cache. */
  nonce: string
  at: number
  /** The Host header that arrived is the `host` the asker says it asked. */
  host_matches: boolean
  /** The public address this host is configured with; null where it belongs to no workspace. */
  origin: string | null
  /** The query string did: it holds `host`. */
  query_arrived: boolean
  /** Somebody on the way adds X-Forwarded-For, and is no trusted proxy. */
  proxy_not_trusted: boolean
  origin_header_arrived: boolean
  /** The Origin that arrived may boot here; null without one. */
  origin_listed: boolean | null
  cookie: {
    name: string
    /** SHA-256 of the value this answer sets. */
    set: string | null
    /** SHA-256 of the value that arrived; null when none did, or several. */
    received: string | null
  }
}

/** `GET /messenger/probe`, asked by the loader's diagnosis right after a boot. */
export interface BootProbeAnswer {
  cookie: 'arrived' | 'missing'
  code: string | null
  sentence: string | null
  cure: string | null
  docs: string
}
