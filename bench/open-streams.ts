import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { refuseElsewhere, type Request } from './load.ts'

/** Beside the streams: files, listeners, the connections of others. */
const OTHER_FILES = 200
const AT_ONCE = 50

type Asked = { url: string; requests: Request[] }

export interface Crowd {
  /** Resolves when every one of them has had its first event. */
  open(requests: Request[]): Promise<void>
  close(): void
}

/** Readers in a process of their own, who keep open what they opened. */
export function startCrowd(url: string): Crowd {
  const child = fork(import.meta.filename)
  return {
    async open(requests) {
      child.send({ url, requests } satisfies Asked)
      const [opened] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown]
      if (opened !== requests.length) throw new Error(`Of ${requests.length} streams ${String(opened)} opened.`)
    },
    close: () => child.kill(),
  }
}

/** Node raises its soft limit by itself at the start, so the hard one counts, for the server as for the crowd. */
export function refuseTooFewFiles(streams: number): void {
  const [, hard = 'unlimited'] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  if (hard !== 'unlimited' && Number(hard) < streams + OTHER_FILES)
    throw new Error(`${streams} streams need ${streams + OTHER_FILES} open files, and ${hard} are allowed. Raise it: ulimit -Hn`)
}

/** One event stream; resolves at its first event, and says each event by its name. */
export function openStream(url: string, { path, headers }: Request, hear: (event: string) => void = () => {}): Promise<void> {
  refuseElsewhere(url)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const asking = httpRequest(new URL(path, url), { agent, headers: headers ?? {} }, (response) => {
    if (response.statusCode !== 200) return reject(new Error(`${path} answered ${response.statusCode}.`))
    response.setEncoding('utf8')
    let rest = ''
    response.on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, event] = /^event: (.+)$/m.exec(block) ?? []
        if (event === 'ready') resolve()
        if (event !== undefined) hear(event)
      }
    })
    response.on('error', reject)
  })
  asking.on('error', reject)
  asking.end()
  return promise
}

const agent = new Agent({ keepAlive: false })

async function openAll({ url, requests }: Asked) {
  for (let at = 0; at < requests.length; at += AT_ONCE) {
    await Promise.all(requests.slice(at, at + AT_ONCE).map((request) => openStream(url, request)))
  }
  process.send?.(requests.length)
}

if (import.meta.main) {
  process.on('message', (asked: Asked) => {
    openAll(asked).catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  })
  process.once('disconnect', () => process.exit())
}
