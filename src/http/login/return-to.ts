import type { FastifyRequest } from 'fastify'
import { findReturnTo } from '#domain/identity/return-to.ts'

/** Where this login leads; what is not allowed becomes `/`. */
export function safeReturnTo({ supportHost, origins }: FastifyRequest, returnTo: string | undefined): string {
  return (returnTo === undefined ? undefined : findReturnTo(returnTo, { own: supportHost.origin, listed: origins })) ?? '/'
}
