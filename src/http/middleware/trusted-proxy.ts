import ipaddr from 'ipaddr.js'

/** The names that Fastify's `trustProxy` knows, too. */
const NAMED: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** Answers whether the peer of a connection is one of the proxies that are listed as addresses, CIDR ranges or names. */
export function proxyCheck(listed: readonly string[]): (address: string | undefined) => boolean {
  const ranges = listed.flatMap((entry) => NAMED[entry] ?? entry).map((entry) => (entry.includes('/') ? entry : wholeOf(entry)))
  const parsed = ranges.filter((range) => ipaddr.isValidCIDR(range)).map((range) => ipaddr.parseCIDR(range))
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return parsed.some((range) => peer.kind() === range[0].kind() && peer.match(range))
  }
}

function wholeOf(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`
}
