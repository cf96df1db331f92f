import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { App } from '#http/app-types.ts'
import { boundedCache } from '#platform/cache/bounded-cache.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { favicon } from './icons.ts'

const DEFAULT_COLOR = '#2f6f5e'
/** In the order of the cascade. */
const PARTS = ['base', 'layout', 'lists', 'forms', 'states', 'article']
const SOURCE = PARTS.map((name) => readFileSync(new URL(`./styles/${name}.css`, import.meta.url), 'utf8'))
  .join('\n')
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/\s*\n\s*/g, '\n')
  .trim()

interface Stylesheet {
  element: Html
  /** What a Content-Security-Policy calls it (CSP 3 §2.3.1). */
  source: string
}

const byColor = boundedCache<string, Stylesheet>(100)

/** The one stylesheet, in the workspace's colour. It is part of every page: a page needs no second request to be painted. */
export function stylesheetIn(actionColor: string | undefined): Stylesheet {
  const color = colorOf(actionColor)
  const known = byColor.get(color)
  if (known) return known
  const text = SOURCE.replaceAll(DEFAULT_COLOR, color)
  // Our own file, and a colour of six digits.
  return byColor.set(color, { element: html`<style>${raw(text)}</style>`, source: `'sha256-${hash('sha256', text, 'base64')}'` })
}

export async function faviconRoutes(app: App) {
  app.get('/favicon.svg', { config: { isStatic: true } }, (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .type('image/svg+xml')
      .send(favicon(colorOf(request.workspace.action_color))),
  )
}

function colorOf(actionColor: string | undefined): string {
  return actionColor && /^#[0-9a-f]{6}$/i.test(actionColor) ? actionColor.toLowerCase() : DEFAULT_COLOR
}
