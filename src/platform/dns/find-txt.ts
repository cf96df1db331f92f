import { Resolver } from 'node:dns/promises'

/** The TXT records of a name, each joined from its pieces (RFC 7208 §3.3 joins them so, too). Throws Node's DNS errors. */
export type FindTxt = (name: string) => Promise<string[]>

export interface TxtResolver {
  /** `address:port` of each name server; absent: those of this machine. */
  servers?: readonly string[]
  timeoutMs?: number
}

export function openFindTxt({ servers, timeoutMs = 4000 }: TxtResolver = {}): FindTxt {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  if (servers) resolver.setServers(servers)
  return async (name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
}
