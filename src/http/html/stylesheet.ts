import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '#http/app-types.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import { favicon } from './icons.ts'
import { acceptedEncoding } from './send-page.ts'

const DEFAULT_COLOR = '#2f6f5e'
const SOURCE = readFileSync(new URL('./help-center.css', import.meta.url), 'utf8')
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/\s*\n\s*/g, '\n')
  .trim()

interface Stylesheet {
  path: string
  identity: Buffer
  br: Buffer
  gzip: Buffer
}

const byColor = boundedCache<string, Stylesheet>(100)

/** Address of the one stylesheet, in the workspace's colour: a new hash with every change of either. */
export function stylesheetPath(actionColor: string | undefined): string {
  return stylesheetIn(actionColor).path
}

export async function stylesheetRoutes(app: App) {
  app.get(
    '/assets/help-center.:hash([0-9a-f]+).css',
    { config: { isStatic: true }, schema: { params: z.object({ hash: z.string() }) } },
    (request, reply) => {
      const sheet = stylesheetIn(request.workspace.action_color)
      const isCurrent = request.url.split('?', 1)[0] === sheet.path
      // An address from another release gets today's sheet, but must not be kept under that name.
      return sendAsset(request, reply, { sheet, cacheControl: isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache' })
    },
  )
  app.get('/favicon.svg', { config: { isStatic: true } }, (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .type('image/svg+xml')
      .send(favicon(colorOf(request.workspace.action_color))),
  )
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, { sheet, cacheControl }: { sheet: Stylesheet; cacheControl: string }) {
  const encoding = acceptedEncoding(request)
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.header('cache-control', cacheControl).header('vary', 'Accept-Encoding').type('text/css; charset=utf-8').send(sheet[encoding])
}

function stylesheetIn(actionColor: string | undefined): Stylesheet {
  const color = colorOf(actionColor)
  const known = byColor.get(color)
  if (known) return known
  const identity = Buffer.from(SOURCE.replaceAll(DEFAULT_COLOR, color))
  const path = `/assets/help-center.${hash('sha256', identity).slice(0, 12)}.css`
  return byColor.set(color, { path, identity, br: brotliCompressSync(identity), gzip: gzipSync(identity, { level: 9 }) })
}

function colorOf(actionColor: string | undefined): string {
  return actionColor && /^#[0-9a-f]{6}$/i.test(actionColor) ? actionColor.toLowerCase() : DEFAULT_COLOR
}
