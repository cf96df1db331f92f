import type { HttpAnswer, HttpClient, HttpFault } from '#platform/http-client/http-client.ts'
import type { ChecklistId, CheckState } from '#shared/diagnosis.ts'
import type { ErrorCode } from '#errors'
import type { FaultCode } from './faults.ts'

/** Everything that is looked at from outside, with what is true when nothing is wrong. */
export const findingTitles = {
  name: 'The support host can be reached',
  certificate: 'Its certificate is trusted',
  redirect: 'Plain http leads to https',
  latchkey: 'Latchkey answers behind it, and knows its address',
  loader: 'The loader is served',
  frame: 'A page of the app may show the Messenger',
  preflight: 'A page of the app may boot',
  post: 'Forms and boots pass',
  address: 'Whole addresses pass',
  set_cookie: 'Set-Cookie arrives as it was sent',
  cookie: 'Cookie is passed on',
  cache: 'Pages are not cached on the way',
  headers: 'Headers arrive as they were sent',
  trust: 'The proxy is known',
  site: 'App and support host are one site',
  clock: 'The clocks agree',
  login_url: 'The Login URL answers',
  boot: 'The user JWT signs in, and the next page knows it',
} as const

export type FindingId = keyof typeof findingTitles

/** The line of the checklist that a finding belongs to. */
export const lineOf: Record<FindingId, ChecklistId> = {
  name: 'https',
  certificate: 'https',
  redirect: 'https',
  latchkey: 'proxy',
  loader: 'proxy',
  frame: 'proxy',
  preflight: 'proxy',
  post: 'proxy',
  address: 'proxy',
  trust: 'proxy',
  set_cookie: 'proxy',
  cookie: 'proxy',
  cache: 'proxy',
  headers: 'proxy',
  site: 'site',
  clock: 'clock',
  login_url: 'login_url',
  boot: 'messenger',
}

export interface Finding {
  id: FindingId
  state: CheckState
  /** A fault, or the code of a refused token. */
  code: FaultCode | ErrorCode | null
  /** What was seen, in one sentence. */
  evidence: string
}

/** What is looked at, and by what road. */
export interface Look {
  /** The only way out; the server hands in its guarded client, the doctor one that may go anywhere. */
  client: HttpClient
  /** Origin of the support host as browsers know it. */
  host: string
  /** A page of the app, where one is known. */
  app: string | undefined
  now(): number
}

export type Answered = HttpAnswer | HttpFault

interface Asking {
  method?: string
  headers?: Record<string, string>
  body?: string
}

export function fine(id: FindingId, evidence: string): Finding {
  return { id, state: 'ok', code: null, evidence }
}

export function wrong(id: FindingId, code: FaultCode | ErrorCode, evidence: string): Finding {
  return { id, state: 'fail', code, evidence }
}

/** Worth doing something about, though logins work. */
export function doubtful(id: FindingId, code: FaultCode, evidence: string): Finding {
  return { id, state: 'warn', code, evidence }
}

export function unseen(id: FindingId, evidence: string): Finding {
  return { id, state: 'unknown', code: null, evidence }
}

export function ask(look: Look, url: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answered> {
  const agent = { 'user-agent': 'Latchkey-Doctor/1', accept: '*/*' }
  return look.client.fetch(url, {
    method,
    headers: { ...agent, ...headers },
    redirect: 'report',
    maxBytes: 512 * 1024,
    ...(body !== undefined && { body }),
  })
}

const CODES: Partial<Record<HttpFault['fault'], FaultCode>> = {
  dns: 'name_not_found',
  connect: 'not_reached',
  timeout: 'answer_too_late',
  tls: 'certificate_not_trusted',
  too_large: 'not_latchkey',
}

/** A road that our own guard closes proves nothing about the address. */
export function unreached(id: FindingId, fault: HttpFault): Finding {
  const code = CODES[fault.fault]
  if (code) return wrong(fault.fault === 'tls' && id === 'name' ? 'certificate' : id, code, fault.detail)
  return unseen(id, `It was not asked: ${fault.detail} Run latchkey doctor from another machine.`)
}
