import type { FastifyReply, FastifyRequest } from 'fastify'
import { page } from '#http/html/layout.ts'
import type { Html } from '#platform/html/html.ts'
import { tongueOf } from './words.ts'

export function sendPortalPage(request: FastifyRequest, reply: FastifyReply, { title, body }: { title: string; body: Html }): FastifyReply {
  const { locale } = tongueOf(request)
  return page(request, reply.header('cache-control', 'private, no-store'), {
    title,
    body,
    locale,
    noindex: true,
    search: 'none',
    section: 'tickets',
  })
}
