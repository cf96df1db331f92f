import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Failure } from '#errors'
import { hashOf } from '#platform/ids/ids.ts'
import { html, type Html } from '#platform/html/html.ts'

/** The hidden field of a form that writes; only a page rendered for this session holds it. */
export function formTokenField(request: FastifyRequest): Html {
  return html`<input type="hidden" name="form_token" value="${request.session ? formTokenFor(request.session.secret_hash) : ''}">`
}

/** Derived from what only the server knows of a session; gone with it. */
export function formTokenFor(secretHash: string): string {
  return hashOf(`form/${secretHash}`)
}

/** Besides the origin check (OWASP CSRF sheet). Runs before validation, which drops the field. Who has no session is refused later, and told to sign in. */
export async function requireFormToken(request: FastifyRequest): Promise<void> {
  if (!request.session) return
  const { body } = request
  const given =
    body !== null && typeof body === 'object' && 'form_token' in body && typeof body.form_token === 'string' ? body.form_token : ''
  const expected = Buffer.from(formTokenFor(request.session.secret_hash))
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given, 'latin1'), expected)) throw new Failure('cross_site_request')
}
