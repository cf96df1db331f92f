const OWN_MACHINE = /^(?:(?:.+\.)?localhost|127\.0\.0\.1|\[::1\])$/

/** Of a URL's hostname: names and addresses that lead nowhere but to this machine (RFC 6761 §6.3). */
export function isOwnMachine(hostname: string): boolean {
  return OWN_MACHINE.test(hostname)
}
