import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
/** A network: its address and the length of its prefix. */
export type Network = [Address, number]

/** Networks that lead to nobody on the public internet: the IANA special-purpose registries, RFC 6890. */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  // Inside 2000::/3: protocol assignments with Teredo, documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
].map(readNetwork)
/** What IANA gives out to hosts of the internet (RFC 4291 §2.4); local, link-local, multicast and reserved ones are outside. */
const GLOBAL_UNICAST = readNetwork('2000::/3')
/** A translator (RFC 6052) carries these to the IPv4 address in their last 32 bits. */
const NAT64 = readNetwork('64:ff9b::/96')

/** True if a request may go to this IP address: it is public, or in a network the operator allows. */
export function isAllowedAddress(text: string, allowed: readonly Network[]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return allowed.some((network) => isIn(address, network)) || isPublic(address)
}

/** `10.0.0.0/8`, or one address. Throws if it is neither. */
export function readNetwork(text: string): Network {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), undefined]
  return [address, bits ?? address.toByteArray().length * 8]
}

function isPublic(address: Address): boolean {
  if (isIn(address, NAT64)) return isPublic(new ipaddr.IPv4(address.toByteArray().slice(12)))
  if (address.kind() === 'ipv6' && !isIn(address, GLOBAL_UNICAST)) return false
  return !NOT_PUBLIC.some((network) => isIn(address, network))
}

function isIn(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits)
}
