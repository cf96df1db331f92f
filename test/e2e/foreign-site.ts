import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface ForeignSite {
  origin: string
  close(): void
}

/** Another web site: pages by path, on a name of its choice under localhost. */
export async function openForeignSite(
  hostname: string,
  pages: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<ForeignSite> {
  const server = createServer((request, response) => {
    const html = pages[request.url ?? '/']
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end(html === undefined ? '' : `<!doctype html><html lang="en"><meta charset="utf-8"><title>Another site</title><body>${html}`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
