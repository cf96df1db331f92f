import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
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
  const limitsOf = (request: FastifyRequest, email: string) => {
    const device = knownDevice(request, email)
    if (device !== undefined) return [{ limit: devices, key: device }]
    return [
      { limit: clients, key: networkOf(request.ip) },
      { limit: accounts, key: email },
    ]
  }
  return {
    attempt<T>(
      request: FastifyRequest,
      email: string,
      guessed: { guess: () => Promise<T>; isWrong: (error: unknown) => boolean },
    ): Promise<T> {
      return guessWithin(limitsOf(request, email), request.server.now(), guessed)
    },
  }
}

/** This browser has proved this address. */
export function rememberDevice(reply: FastifyReply, email: string): void {
  const nonce = newSecret().slice(0, 22)
  setKnownCookie(reply, `${nonce}.${reply.server.installationKeys.markDevice(email, nonce)}`)
}

function knownDevice(request: FastifyRequest, email: string): string | undefined {
  const [nonce = '', mark = ''] = readTeamCookie(request, 'known')?.split('.') ?? []
  const expected = Buffer.from(request.server.installationKeys.markDevice(email, nonce))
  const given = Buffer.from(mark, 'latin1')
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : undefined
}
