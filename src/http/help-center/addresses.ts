import type { FastifyReply, FastifyRequest } from 'fastify'

interface Addressed {
  locale: string
  id: number
  slug: string
}

export function homePath(locale: string): string {
  return `/${locale}`
}

export function collectionPath({ locale, id, slug }: Addressed): string {
  return `/${locale}/collections/${keyOf(id, slug)}`
}

export function articlePath({ locale, id, slug }: Addressed): string {
  return `/${locale}/articles/${keyOf(id, slug)}`
}

/** Sends the reader on if the address is not the page's own; the query is kept. */
export function redirectToOwnAddress(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply | undefined {
  const [asked = '', query] = request.url.split('?', 2)
  if (asked === path || decodes(asked, path)) return undefined
  reply.header('cache-control', request.session?.contact ? 'private, no-store' : 'private, no-cache').header('vary', 'Cookie')
  return reply.redirect(query === undefined ? path : `${path}?${query}`, 301)
}

function keyOf(id: number, slug: string): string {
  return slug === '' ? String(id) : `${id}-${encodeURIComponent(slug)}`
}

function decodes(asked: string, path: string): boolean {
  try {
    return decodeURIComponent(asked) === decodeURIComponent(path)
  } catch {
    return false
  }
}
