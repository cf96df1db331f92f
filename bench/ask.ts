import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { refuseElsewhere, type Request } from './load.ts'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Asks as a browser would, over kept connections; `fetch` would not let us name the host. */
export function openAsker(url: string, connections: number) {
  refuseElsewhere(url)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const ask = ({ path, method = 'GET', headers = {}, body }: Request) =>
    new Promise<Answer>((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const asking = httpRequest(new URL(path, url), { agent, method, headers: { ...headers, ...length } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
      })
      asking.once('error', reject)
      asking.end(body)
    })
  const askWell = async (request: Request) => {
    const answer = await ask(request)
    // A form that was taken leads on.
    if ((answer.status < 200 || answer.status > 299) && !(request.method === 'POST' && answer.status === 303))
      throw new Error(`${request.path} answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`)
    return answer
  }
  return { ask: askWell, close: () => agent.destroy() }
}
