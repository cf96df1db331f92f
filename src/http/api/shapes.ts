import { z } from 'zod'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'

/** Clients write ids as text or as numbers. */
export const Id = z
  .union([z.string().min(1).max(255), z.number().int().nonnegative()], 'is needed: text of 1 to 255 characters, or a whole number')
  .transform(String)

export const ById = { params: z.object({ id: z.string() }) }

export const HtmlBody = z.string().min(1).max(100_000)

/** The API speaks Unix seconds. */
export function seconds(at: Instant): number {
  return Math.floor(at / 1000)
}

export function secondsOrNull(at: Instant | null): number | null {
  return at === null ? null : seconds(at)
}

/** One sentence for what is required and not there, in the API's form. */
export function missing(field: string): Failure {
  return new Failure('parameter_not_found', { field, detail: `${field} is required.` })
}

/** What a repeated POST is recognised by. */
export function clientIdOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const key = headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? `api:${key.slice(0, 200)}` : undefined
}
