import { domainToASCII } from 'node:url'

/** A name to show and an address; what headers and envelopes are made from, never joined text. */
export interface Mailbox {
  name: string
  address: string
}

const MAX_ADDRESS = 254
/** RFC 5321 §4.5.3.1.1 */
const MAX_LOCAL_PART = 64
/** The dot-atom of RFC 5322 §3.4.1. Quoted local parts, comments and non-ASCII ones are read differently by different parsers. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const DOMAIN = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/

/**
 * One plain address in the form in which addresses are compared and stored: lower case, an international domain in its ASCII
 * form. Undefined if it is none, or one that two programs could read differently.
 */
export function readAddress(text: string): string | undefined {
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf('@')
  const local = trimmed.slice(0, Math.max(at, 0))
  if (local.length > MAX_LOCAL_PART || trimmed.length > MAX_ADDRESS || !LOCAL_PART.test(local)) return undefined
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase()
  const address = `${local.toLowerCase()}@${domain}`
  return DOMAIN.test(domain) && address.length <= MAX_ADDRESS ? address : undefined
}

/** `Acme Help <help@acme.com>`, or an address alone. */
export function readMailbox(text: string): Mailbox | undefined {
  const [, name = '', bracketed] = /^([^<>\r\n\0]*)<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = readAddress(bracketed ?? text)
  return address === undefined ? undefined : { name: name.trim().replaceAll(/^"|"$/g, ''), address }
}

/** Of an address in the form of `readAddress`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
