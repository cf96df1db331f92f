import type { FastifyRequest } from 'fastify'
import { isAllowed } from '#http/middleware/listed-origin.ts'

const SAFE_PATH = /^\/(?![/\\])[!-[\]-~]*$/
const SAFE_URL = /^https?:\/\/[!-[\]-~]+$/

/** Where a login may lead: a path of this host, or an address on a listed origin; anything else becomes `/`. */
export function safeReturnTo(request: FastifyRequest, returnTo: string | undefined): string {
  if (returnTo === undefined || returnTo.length > 2000) return '/'
  const own = request.supportHost.origin
  const url = URL.parse(returnTo, own)
  if (!url) return '/'
  if (SAFE_PATH.test(returnTo)) return (url.origin === own && safePath(url)) || '/'
  return SAFE_URL.test(returnTo) && isAllowed(request, url.origin) && !url.username && !url.password ? url.href : '/'
}

/** Parsing resolves dot segments, and what it leaves may begin with two slashes: no path of this host. */
export function safePath({ pathname, search, hash }: URL): string | undefined {
  const path = pathname + search + hash
  return SAFE_PATH.test(path) ? path : undefined
}
