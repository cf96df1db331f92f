import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Teammate } from '#domain/teammates/teammates.ts'
import { networkOf } from '#http/middleware/network.ts'
import { newSecret } from '#platform/ids/ids.ts'
import { failureLimit, guessWithin } from './failure-limit.ts'
import { readTeamCookie, setKnownCookie } from './team-cookie.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export type SignInThrottle = ReturnType<typeof passwordThrottle>

/**
 * Guesses of a password are slowed per address of the client and per account. A browser where the account has signed in before is counted
 * by itself, so that a stranger's guesses lock nobody out of their own browser (OWASP, device cookies).
 */
export function passwordThrottle() {
  return throttle({ accounts: { most: 10, window: 15 * MINUTE }, devices: { most: 10, window: 15 * MINUTE } })
}

/**
 * A million codes are soon tried, so a day has few guesses. Only who has the password gets here, and still locks nobody out: the
 * owner's own browser is counted by itself, and so are recovery codes, by a throttle of their own.
 */
export function codeThrottle() {
  return throttle({ accounts: { most: 10, window: 24 * HOUR }, devices: { most: 10, window: HOUR } })
}

type Allowance = Parameters<typeof failureLimit>[0]

function throttle(allowed: { accounts: Allowance; devices: Allowance }) {
  const clients = failureLimit({ most: 20, window: 5 * MINUTE })
  const accounts = failureLimit(allowed.accounts)
  const devices = failureLimit(allowed.devices)
  const limitsOf = (request: FastifyRequest, account: Account) => {
    const device = knownDevice(request, account)
    if (device !== undefined) return [{ limit: devices, key: device }]
    return [
      { limit: clients, key: networkOf(request.ip) },
      { limit: accounts, key: account.id === undefined ? account.email : nameOf(account) },
    ]
  }
  return {
    attempt<T>(
      request: FastifyRequest,
      account: Account,
      guessed: { guess: () => Promise<T>; isWrong: (error: unknown) => boolean },
    ): Promise<T> {
      return guessWithin(limitsOf(request, account), request.server.now(), guessed)
    },
  }
}

/** Whose password or code is guessed. Before the password nobody knows which teammate it is: one address may be at several workspaces. */
type Account = Pick<Teammate, 'email'> & Partial<Pick<Teammate, 'workspace_id' | 'id'>>

/** This browser has proved to be this teammate's. */
export function rememberDevice(reply: FastifyReply, teammate: Teammate): void {
  const nonce = newSecret().slice(0, 22)
  const name = nameOf(teammate)
  setKnownCookie(reply, `${nonce}.${name}.${markOf(reply.server, { name, email: teammate.email, nonce })}`)
}

/** For a code the mark of this very teammate is needed: whoever has the address in a workspace of their own gets marks of it without end. */
function knownDevice(request: FastifyRequest, account: Account): string | undefined {
  const [nonce = '', name = '', mark = ''] = readTeamCookie(request, 'known')?.split('.') ?? []
  if (account.id !== undefined && name !== nameOf(account)) return undefined
  const expected = Buffer.from(markOf(request.server, { name, email: account.email, nonce }))
  const given = Buffer.from(mark, 'latin1')
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : undefined
}

function markOf({ installationKeys }: FastifyInstance, { name, email, nonce }: { name: string; email: string; nonce: string }): string {
  return installationKeys.markDevice(`${name}/${email}`, nonce)
}

function nameOf({ workspace_id, id }: Account): string {
  return `${workspace_id}-${id}`
}
