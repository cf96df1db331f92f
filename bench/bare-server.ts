import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `body` in base64. */
export type BareAnswer = { status: number; headers: Record<string, string>; body: string }

/** The yardstick: a bare `node:http` server in a process of its own that reads the request and sends the same bytes. */
export async function startBareServer(answer: BareAnswer): Promise<{ url: string; stop: () => void }> {
  const child = fork(import.meta.filename)
  child.send(answer)
  const [port] = (await once(child, 'message')) as [number]
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() }
}

async function serve() {
  const [{ status, headers, body }] = (await once(process, 'message')) as [BareAnswer]
  const bytes = Buffer.from(body, 'base64')
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => response.writeHead(status, { ...headers, 'Content-Length': bytes.length }).end(bytes))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a string or null.
  process.send?.((server.address() as AddressInfo).port)
  process.once('disconnect', () => process.exit())
}

if (import.meta.main) await serve()
