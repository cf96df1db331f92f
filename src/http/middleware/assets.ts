import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '#http/app-types.ts'

const FOLDER = new URL('../../../dist/web/', import.meta.url)
const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    css: z.array(z.string()).optional(),
    imports: z.array(z.string()).optional(),
  }),
)

/** A built file in memory. */
export interface Asset {
  name: string
  type: string
  etag: string
  /** Changes with the bytes; safe in an address. */
  hash: string
  /** What a page writes as `integrity` (Subresource Integrity §3.1). */
  integrity: string
  identity: Buffer
  /** As the build made it; read when it is first asked for. */
  compressed(encoding: 'br' | 'gzip'): Promise<Buffer>
}

const SUFFIX = { br: '.br', gzip: '.gz' }

/** `name` is a path below `dist/web`. */
export function readAsset(name: string): Asset {
  const identity = readBuilt(name)
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  const digest = hash('sha256', identity, 'base64url').slice(0, 22)
  const integrity = `sha384-${hash('sha384', identity, 'base64')}`
  const read: Partial<Record<'br' | 'gzip', Promise<Buffer>>> = {}
  const compressed: Asset['compressed'] = (encoding) => (read[encoding] ??= readFile(new URL(name + SUFFIX[encoding], FOLDER)))
  return { name, type, etag: `"${digest}"`, hash: digest, integrity, identity, compressed }
}

export interface Bundle {
  script: string
  styles: string[]
  all: Asset[]
}

/** What `vite build` made of the Messenger frame, or of the teammates' app. */
export function readBundle(name: 'messenger' | 'inbox'): Bundle {
  const manifest = name === 'messenger' ? '.vite/manifest.json' : '.vite/inbox-manifest.json'
  const entries = Object.values(Manifest.parse(JSON.parse(readBuilt(manifest).toString())))
  const entry = entries.find((chunk) => chunk.isEntry)
  if (!entry) throw new Error('The web build has no entry; run: npm run build')
  const names = new Set(entries.flatMap((chunk) => [chunk.file, ...(chunk.css ?? [])]))
  return { script: `/${entry.file}`, styles: (entry.css ?? []).map((name) => `/${name}`), all: [...names].map(readAsset) }
}

/** The built files of a bundle, whose names change with their bytes. */
export function assetRoutes(app: App, assets: readonly Asset[]): void {
  for (const asset of assets)
    app.get(`/${asset.name}`, { config: { isStatic: true } }, (request, reply) => sendAsset(request, keepForEver(reply), asset))
}

/** For an address that changes with its bytes. */
export function keepForEver(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'public, max-age=31536000, immutable')
}

export async function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): Promise<FastifyReply> {
  reply.header('etag', asset.etag).header('vary', 'Accept-Encoding').type(asset.type)
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
  const accepted = request.headers['accept-encoding'] ?? ''
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
  if (encoding === undefined) return reply.send(asset.identity)
  return reply.header('content-encoding', encoding).send(await asset.compressed(encoding))
}

function readBuilt(name: string): Buffer {
  try {
    return readFileSync(new URL(name, FOLDER))
  } catch {
    throw new Error('The browser files are not built; run: npm run build')
  }
}
