import type { StandingSession } from '#domain/sessions/sessions.ts'
import type { Probe } from './probes.ts'

/** Why a browser is, or is not, signed in here; the first that fits. */
export type Standing =
  | 'signed_in'
  | 'lead'
  | 'signed_out'
  | 'refused'
  | 'claimed'
  | 'visitor'
  | 'cookie_twice'
  | 'session_ended'
  | 'cookie_missing'

/** What a request shows of its browser. */
export interface Shown {
  session: StandingSession | null
  /** How often the session cookie came. */
  sessionCookies: number
  /** The person signed out here by hand. */
  isPaused: boolean
  probe: Probe | undefined
}

/** A refusal counts only while it is the last thing that happened. */
export function judgeStanding({ session, sessionCookies, isPaused, probe }: Shown): Standing {
  if (session?.kind === 'user') return 'signed_in'
  if (session?.kind === 'lead') return 'lead'
  if (sessionCookies > 1) return 'cookie_twice'
  if (probe?.last_outcome === 'refused') return 'refused'
  if (isPaused) return 'signed_out'
  if (session) return session.kind === 'claimed' ? 'claimed' : 'visitor'
  return sessionCookies === 1 ? 'session_ended' : 'cookie_missing'
}
