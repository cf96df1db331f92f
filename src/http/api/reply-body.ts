import { z } from 'zod'
import { sanitizeBody } from '#domain/conversations/bodies.ts'
import { findContact, findContactByExternalId, type Contact } from '#domain/contacts/contacts.ts'
import { findContactByEmail } from '#domain/contacts/create-contact.ts'
import { getTeammate, type Teammate } from '#domain/teammates/teammates.ts'
import { Failure } from '#errors'
import type { FastifyRequest } from 'fastify'
import type { App } from '#http/app-types.ts'
import { HtmlBody, Id } from './shapes.ts'

/** A reply to a chat or a ticket: by a teammate, or in the name of a contact. */
export const ReplyBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('admin'), message_type: z.enum(['comment', 'note', 'quick_reply']), admin_id: Id.optional(), body: HtmlBody }),
  z.object({
    type: z.literal('user'),
    message_type: z.literal('comment').default('comment'),
    ...{ intercom_user_id: Id.optional(), user_id: Id.optional(), email: z.string().max(255).optional() },
    body: HtmlBody,
  }),
])

export type Reply = z.infer<typeof ReplyBody>

/** The teammate named, or the token's own. */
export async function readTeammate(api: App, { workspace, apiCaller }: FastifyRequest, admin_id: string | undefined): Promise<Teammate> {
  return admin_id === undefined ? apiCaller.teammate : getTeammate(api.db, workspace, admin_id)
}

export async function readAuthor(
  api: App,
  request: FastifyRequest,
  reply: Reply,
): Promise<{ type: 'admin' | Contact['role']; id: string }> {
  if (reply.type === 'admin') return { type: 'admin', id: String((await readTeammate(api, request, reply.admin_id)).id) }
  const contact = await findPerson(api, request, { id: reply.intercom_user_id, external_id: reply.user_id, email: reply.email })
  if (!contact) throw new Failure('not_found', { detail: 'User Not Found' })
  return { type: contact.role, id: contact.id }
}

export async function findPerson(
  api: App,
  { workspace }: FastifyRequest,
  by: { id?: string | undefined; external_id?: string | undefined; email?: string | undefined },
): Promise<Contact | undefined> {
  if (by.id !== undefined) return findContact(api.db, workspace, by.id)
  if (by.external_id !== undefined) return findContactByExternalId(api.db, workspace, by.external_id)
  return by.email === undefined ? undefined : findContactByEmail(api.db, workspace, by.email)
}

/** HTML as we keep it; words without a paragraph get one, as official clients expect. */
export function readBody(html: string): string {
  const clean = sanitizeBody(html).trim()
  if (clean === '') throw new Failure('parameter_invalid', { field: 'body', detail: 'Nothing is left of the body: it holds no text.' })
  return /<(p|ul|ol|pre|blockquote|h\d)\b/.test(clean) ? clean : `<p>${clean.replaceAll(/\r?\n/g, '<br>')}</p>`
}
