import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '#errors'

const MOST_DEPTH = 64

/** No text that anybody means holds a NUL, and PostgreSQL stores none; nor does anybody nest this deep. */
export function refuseUnprintable(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.url.includes('%00') || !isPrintable(request.body, 0))
    throw new Failure('parameter_invalid', { detail: 'The request holds a NUL character, or is nested too deep.' })
  done()
}

function isPrintable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0')
  if (value === null || typeof value !== 'object') return true
  if (depth === MOST_DEPTH) return false
  return Object.entries(value).every(([name, item]) => !name.includes('\0') && isPrintable(item, depth + 1))
}
