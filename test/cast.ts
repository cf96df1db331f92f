import { createHmac } from 'node:crypto'

/** The people the tests speak of. Ada and Ben work for Analytical Engines, Chen for Basic Works. */
export const ada = {
  user_id: 'ada',
  email: 'ada@engines.test',
  name: 'Ada Lovelace',
  companies: [{ company_id: 'engines', name: 'Analytical Engines', plan: 'pro' }],
}
export const ben = {
  user_id: 'ben',
  email: 'ben@engines.test',
  name: 'Ben Babbage',
  companies: [{ company_id: 'engines', name: 'Analytical Engines', plan: 'pro' }],
}
export const chen = {
  user_id: 'chen',
  email: 'chen@basic.test',
  name: 'Chen Wei',
  companies: [{ company_id: 'basic', name: 'Basic Works', plan: 'free' }],
}

export interface Forgery {
  header?: Record<string, unknown> | string
  /** Replaces the signature segment. */
  signature?: string
}

/** A compact JWS over any header and payload, as an app's backend, or a forger, would make it. */
export function signJwt(
  payload: object | string,
  secret: string | Uint8Array,
  { header = { alg: 'HS256', typ: 'JWT' }, signature }: Forgery = {},
): string {
  const segment = (value: object | string) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${signature ?? createHmac('sha256', secret).update(input).digest('base64url')}`
}
