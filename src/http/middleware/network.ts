import ipaddr from 'ipaddr.js'

const HOST_PREFIX_BYTES = 8

/** What limits count by: an IPv4 address, or the /64 that an IPv6 connection can choose its addresses from. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return address.toString()
  return `${Buffer.from(address.toByteArray().slice(0, HOST_PREFIX_BYTES)).toString('hex')}/64`
}
