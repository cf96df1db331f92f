import { getDomain, parse } from 'tldts'
import type { FaultCode } from './faults.ts'

export interface SiteComparison {
  isSameSite: boolean
  code: Extract<FaultCode, 'scheme_differs' | 'public_suffix_siblings' | 'other_site'> | null
  /** One sentence that names the registrable domains. */
  evidence: string
}

/**
 * Whether a browser treats two origins as one site (HTML standard, "schemelessly same site" and the scheme): equal hosts,
 * or equal registrable domains with the private section of the Public Suffix List counted. Ports do not count.
 */
export function compareSites(app: string, host: string): SiteComparison {
  const [one, other] = [new URL(app), new URL(host)]
  const sites = [siteOf(one.hostname), siteOf(other.hostname)] as const
  const isOneDomain = one.hostname === other.hostname || (sites[0] !== null && sites[0] === sites[1])
  if (!isOneDomain) return differentDomains(one, other, sites)
  if (one.protocol !== other.protocol)
    return {
      isSameSite: false,
      code: 'scheme_differs',
      evidence: `${one.origin} is ${one.protocol.slice(0, -1)} and ${other.origin} is ${other.protocol.slice(0, -1)}.`,
    }
  return { isSameSite: true, code: null, evidence: `${one.hostname} and ${other.hostname} share ${sites[0] ?? one.hostname}.` }
}

function differentDomains(one: URL, other: URL, sites: readonly [string | null, string | null]): SiteComparison {
  const { publicSuffix: suffix, isPrivate } = parse(one.hostname, { allowPrivateDomains: true })
  if (suffix && isPrivate && isBelow(other.hostname, suffix))
    return {
      isSameSite: false,
      code: 'public_suffix_siblings',
      evidence: `${suffix} is on the Public Suffix List, so ${one.hostname} and ${other.hostname} are two sites.`,
    }
  const [a, b] = [sites[0] ?? one.hostname, sites[1] ?? other.hostname]
  return { isSameSite: false, code: 'other_site', evidence: `${one.hostname} belongs to ${a}, ${other.hostname} to ${b}.` }
}

function siteOf(hostname: string): string | null {
  return getDomain(hostname, { allowPrivateDomains: true })
}

function isBelow(hostname: string, suffix: string): boolean {
  return hostname === suffix || hostname.endsWith(`.${suffix}`)
}
