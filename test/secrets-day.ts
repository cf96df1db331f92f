import { createSecret } from '#domain/identity/signing-keys.ts'
import { ask, openDesk } from '#test/desk.ts'
import { openHouse, type Browser } from '#test/house.ts'
import { openMailbox } from '#test/mailbox.ts'
import { openProvider } from '#test/openid-provider.ts'
import { recordRoutes } from '#test/routes.ts'

/** A day in the house, run by `secrets.test.ts` in a process of its own so that everything it prints can be read. */
export interface Day {
  /** By what it is: what must not be found, and where it may be found nevertheless. */
  secrets: { is: string; text: string; of: 'machine' | 'person' }[]
  answers: { to: string; text: string }[]
  /** The built files by their address, and the source map that might lie beside each. */
  built: { path: string; status: number; text: string }[]
  tables: Record<string, string>
}

export const WORDS = 'Nobody but Tess may read this sentence'
export const day: Day = { secrets: [], answers: [], built: [], tables: {} }
export const routes = recordRoutes()
export const mailbox = await openMailbox()
export const provider = await openProvider()
export const house = await openHouse({
  LATCHKEY_LOG: 'debug',
  LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '10000',
  LATCHKEY_OUTGOING_ALLOW: '127.0.0.1',
  LATCHKEY_OUTGOING_PORTS: String(provider.port),
  ...mailbox.environment,
})
provider.now = house.now
await house.change({ login_url: 'https://app.acme.test/login', test_mode: 1, email_links: 1 })
export const { acme, globex } = house.tenants
export const desk = await openDesk(house, acme)
const second = await createSecret(house.db, house.encryption, acme.workspace, { name: 'second', now: house.now() })
remember('the messenger secret', acme.secret)
remember('the second messenger secret', second.secret)
remember('the secret of the other workspace', globex.secret)
remember('the API token', desk.token)
remember('what a person wrote', WORDS, 'person')

export const own = { origin: acme.help, headers: { 'sec-fetch-site': 'same-origin' } }
export const browsers: Record<string, Browser> = { ada: desk.ada, somebody: house.browser(), byDoor: house.browser() }

export function token(person: object): string {
  const jwt = house.jwt(person)
  remember('a JWT', jwt)
  return jwt
}

/** Of a JWT the signature, so that no part of it passes either. */
export function remember(is: string, text: string, of: 'machine' | 'person' = 'machine') {
  const secret = text.startsWith('eyJ') ? text.slice(text.lastIndexOf('.') + 1) : text
  day.secrets.push({ is, text: secret, of })
}

/** The cookie itself is the one place where a session's secret may travel. */
export function note(to: string, answer: Awaited<ReturnType<typeof ask>> | undefined) {
  if (!answer) throw new Error('Nobody asked.')
  const headers = Object.entries(answer.headers).filter(([name]) => name !== 'set-cookie')
  day.answers.push({ to: `${to} ${answer.statusCode}`, text: `${JSON.stringify(headers)}\n${answer.body}` })
}
