import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findFreePorts } from '#bin/server-process.ts'

export interface Person {
  user_id: string
  email: string
  password: string
  name: string
  company: string
}

interface Note {
  help_url: string
  app_url: string
  api_url: string
  app_id: string
  messenger_secret: string
  api_token: string
  users: Person[]
}

export interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  text: string
}

export interface Demo extends Note {
  ada: Person
  ben: Person
  chen: Person
  /** A teammate's call: `api('GET', '/conversations')`. Throws unless the answer is 2xx. */
  api<Result>(method: string, path: string, body?: object): Promise<Result>
  /** Asks without a browser: the names under localhost are known to browsers only. */
  ask(address: string, options?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>
  /** Lists one more origin of the app, from the command line, and waits until the running server knows it. */
  listOrigin(origin: string): Promise<void>
  /** Runs the command on the demo's data while the server runs, which sees the change within a second; answers what it printed. */
  command(...words: string[]): Promise<string>
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const START_MS = 60_000
const STOP_MS = 10_000

/** The real demo, as `npm run demo` starts it, in an empty folder and on free ports, with these settings besides. */
export async function startDemo(environment: Record<string, string> = {}): Promise<Demo> {
  const [port = 0] = await findFreePorts(3)
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'))
  const child = spawn(process.execPath, ['bin/demo.ts', '--port', String(port), '--data', folder], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const note = await untilUp(child, join(folder, 'demo.json'), port).catch(async (error: unknown) => {
    await stopChild(child)
    throw new Error(`The demo did not start.\n${said.join('')}`, { cause: error })
  })
  const [ada, ben, chen] = note.users
  if (!ada || !ben || !chen) throw new Error('The demo has three users.')
  return {
    ...{ ...note, ada, ben, chen, ask },
    async api<Result>(method: string, path: string, body?: object) {
      const headers = { authorization: `Bearer ${note.api_token}`, 'content-type': 'application/json', accept: 'application/json' }
      const { status, text } = await ask(`${note.api_url}/api${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text}`)
      return JSON.parse(text) as Result
    },
    listOrigin: (origin) => listOrigin(note, { folder, environment }, origin),
    command: (...words) => runCommand({ folder, environment }, words),
    async stop() {
      await stopChild(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function ask(
  address: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { host, port, pathname, search } = new URL(address)
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: pathname + search,
        headers: { ...headers, ...(method !== 'GET' && length), host },
        agent: false,
      },
      async (answer) => {
        let text = ''
        for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      },
    )
    asked.once('error', reject)
    asked.end(body)
  })
}

interface Place {
  folder: string
  environment: Record<string, string>
}

async function listOrigin({ app_id, help_url }: Note, place: Place, origin: string): Promise<void> {
  await runCommand(place, ['origin', 'add', app_id, origin])
  const deadline = Date.now() + STOP_MS
  const isKnown = async () => (await ask(`${help_url}/messenger/boot`, { method: 'OPTIONS', headers: { origin } })).status === 204
  while (!(await isKnown())) {
    if (Date.now() > deadline) throw new Error(`The server never heard of ${origin}.`)
    await sleep(100)
  }
}

async function runCommand({ folder, environment }: Place, words: string[]): Promise<string> {
  const env = { ...process.env, ...environment, LATCHKEY_DATA: folder }
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/latchkey.js', ...words], { cwd: root, env })
  return stdout
}

async function untilUp(child: ChildProcess, file: string, port: number): Promise<Note> {
  const deadline = Date.now() + START_MS
  while (child.exitCode === null && Date.now() < deadline) {
    const note = existsSync(file) ? readNote(file) : undefined
    if (
      note &&
      (await answers(`${note.help_url}/en`)) &&
      (await answers(`${note.app_url}/login`)) &&
      (await answers(`http://app.globex.localhost:${port + 2}/login`))
    )
      return note
    await sleep(50)
  }
  throw new Error(child.exitCode === null ? 'It took too long.' : `It ended with ${child.exitCode}.`)
}

/** Undefined while it is being written. */
function readNote(file: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Note
  } catch {
    return undefined
  }
}

async function answers(address: string): Promise<boolean> {
  return ask(address).then(
    ({ status }) => status === 200,
    () => false,
  )
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(impatient)
}
