import { hash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { boundedCache } from '#platform/cache/bounded-cache.ts'

type Encoding = 'br' | 'gzip' | 'identity'

/** The whole HTML; its ETag once it was asked for. */
export interface Document {
  bytes: Buffer
  etag?: string
}

const compressed = boundedCache<string, Buffer>(500)
const WORTH_COMPRESSING = 1500

/**
 * What a known person sees, or a page that says `no-store` itself, is stored nowhere, so that neither a cache nor the back button shows it later; what
 * everybody sees is revalidated by ETag. Only the latter is compressed, once per version: a page with a person in
 * it leaves compression to a proxy that knows whether it may (BREACH).
 */
export function sendPage(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const { bytes } = document
  reply.header('vary', 'Cookie, Accept-Encoding').type('text/html; charset=utf-8')
  if (isPersonal(request, reply) || reply.statusCode !== 200) return reply.header('cache-control', 'private, no-store').send(bytes)
  const etag = (document.etag ??= `W/"${hash('sha1', bytes, 'base64url')}"`)
  reply.header('cache-control', 'private, no-cache').header('etag', etag)
  if (isFresh(request.headers['if-none-match'], etag)) return reply.status(304).send()
  const encoding = bytes.length < WORTH_COMPRESSING ? 'identity' : acceptedEncoding(request)
  if (encoding === 'identity') return reply.send(bytes)
  return reply.header('content-encoding', encoding).send(compress(bytes, etag, encoding))
}

export function acceptedEncoding(request: FastifyRequest): Encoding {
  const accepted = request.headers['accept-encoding'] ?? ''
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)) return 'br'
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : 'identity'
}

export function isPersonal(request: FastifyRequest, reply: FastifyReply): boolean {
  const { session } = request
  const isKnown = session && (session.kind !== 'visitor' || session.contact)
  return Boolean(isKnown) || reply.hasHeader('set-cookie') || String(reply.getHeader('cache-control')).includes('no-store')
}

function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false
  return ifNoneMatch.split(',').some((candidate) => candidate.trim() === etag || candidate.trim() === etag.slice(2))
}

function compress(bytes: Buffer, etag: string, encoding: 'br' | 'gzip'): Buffer {
  const key = encoding + etag
  const known = compressed.get(key)
  if (known) return known
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
  return compressed.set(key, encoding === 'br' ? brotliCompressSync(bytes, options) : gzipSync(bytes, { level: 6 }))
}
