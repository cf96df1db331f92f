import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Person } from './people.ts'

const sessions = new Map<string, Person>()

function sessionId(request: IncomingMessage) {
  return /(?:^|; )acme_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
}

export function personOf(request: IncomingMessage): Person | undefined {
  return sessions.get(sessionId(request))
}

export function logIn(request: IncomingMessage, response: ServerResponse, person: Person) {
  sessions.delete(sessionId(request))
  const id = randomBytes(32).toString('base64url')
  sessions.set(id, person)
  response.setHeader('Set-Cookie', `acme_session=${id}; Path=/; HttpOnly; SameSite=Lax`)
}

export function logOut(request: IncomingMessage, response: ServerResponse) {
  sessions.delete(sessionId(request))
  response.setHeader('Set-Cookie', 'acme_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
}
