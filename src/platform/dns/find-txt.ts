import { Resolver } from 'node:dns/promises'

const resolver = new Resolver({ timeout: 4000, tries: 1 })

/** The TXT records of a name, each joined from its pieces (RFC 7208 §3.3 joins them so, too). Throws Node's DNS errors. */
export type FindTxt = (name: string) => Promise<string[]>

export const findTxtRecords: FindTxt = async (name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
