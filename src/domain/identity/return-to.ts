const SAFE_PATH = /^\/(?![/\\])[!-[\]-~]*$/
const SAFE_URL = /^https?:\/\/[!-[\]-~]+$/
const MOST = 2000

/** Where a login may lead: a path of `own`, or an address on a listed origin. Undefined for anything else. */
export function findReturnTo(address: string, { own, listed }: { own: string; listed: ReadonlySet<string> }): string | undefined {
  if (address.length > MOST) return undefined
  const url = URL.parse(address, own)
  if (!url) return undefined
  if (SAFE_PATH.test(address)) return url.origin === own ? safePath(url) : undefined
  const isAllowed = url.origin === own || listed.has(url.origin)
  return SAFE_URL.test(address) && isAllowed && !url.username && !url.password ? url.href : undefined
}

/** Parsing resolves dot segments, and what it leaves may begin with two slashes: no path of this host. */
export function safePath({ pathname, search, hash }: URL): string | undefined {
  const path = pathname + search + hash
  return SAFE_PATH.test(path) ? path : undefined
}
