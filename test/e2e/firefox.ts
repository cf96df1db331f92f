import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const START_MS = 60_000

/** A tab, or a frame in one. */
export interface Place {
  context: string
  url: string
  children: Place[]
}

/** A real Firefox, driven by WebDriver BiDi over its own WebSocket. */
export interface Firefox {
  openTab(url: string): Promise<string>
  /** All tabs, each with its frames. */
  places(): Promise<Place[]>
  /** Runs an expression in a tab or a frame, as if the person had just clicked there. */
  evaluate<Value>(context: string, expression: string): Promise<Value>
  close(): Promise<void>
}

/** `names` are hosts of this machine; `preferences` go on top of the defaults. */
export async function startFirefox(names: readonly string[], preferences: Record<string, unknown> = {}): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'latchkey-firefox-'))
  const settings = { 'network.dns.localDomains': names.join(','), 'remote.active-protocols': 1, ...preferences }
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(settings)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  )
  const child = spawn('firefox-esr', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(profile, { recursive: true, force: true })
  }
  const address = await new Promise<string>((resolve, reject) => {
    setTimeout(() => reject(new Error('Firefox did not start.')), START_MS).unref()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said)
      if (found?.[1]) resolve(found[1])
    })
    child.once('exit', () => reject(new Error(`Firefox ended:\n${said}`)))
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const say = await connect(`${address}/session`)
  await say('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })
  return {
    async openTab(url) {
      const { context } = await say<{ context: string }>('browsingContext.create', { type: 'tab' })
      await say('browsingContext.navigate', { context, url, wait: 'complete' })
      return context
    },
    places: async () => (await say<{ contexts: Place[] }>('browsingContext.getTree', {})).contexts,
    async evaluate<Value>(context: string, expression: string) {
      const script = {
        expression: `(async () => JSON.stringify(await (${expression})))()`,
        target: { context },
        awaitPromise: true,
        userActivation: true,
      }
      const { result, exceptionDetails } = await say<Evaluated>('script.evaluate', script)
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return (result?.value === undefined ? undefined : JSON.parse(result.value)) as Value
    },
    close: stop,
  }
}

interface Evaluated {
  result?: { value?: string }
  exceptionDetails?: { text: string }
}

interface Said {
  id?: number
  type: string
  result?: unknown
  message?: string
}

async function connect(address: string) {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('Firefox does not answer.')))
  })
  const waiting = new Map<number, (said: Said) => void>()
  socket.addEventListener('message', ({ data }) => {
    const said = JSON.parse(String(data)) as Said
    if (said.id !== undefined) waiting.get(said.id)?.(said)
  })
  let last = 0
  return <Result>(method: string, params: object): Promise<Result> => {
    const id = (last += 1)
    return new Promise((resolve, reject) => {
      waiting.set(id, (said) => {
        waiting.delete(id)
        if (said.type === 'error') reject(new Error(`${method}: ${said.message}`))
        else resolve(said.result as Result)
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
  }
}
