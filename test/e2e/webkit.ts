import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '#bin/server-process.ts'
import { eventually } from './stage.ts'

const PATIENCE_MS = 20_000
/** What WebDriver calls the key of an element's reference. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
const MESSENGER = `[...document.querySelectorAll('div')].map((one) => one.shadowRoot?.querySelector('iframe')).find(Boolean)`

/** A real WebKitGTK (MiniBrowser on a screen that nobody sees), driven by its own WebDriver. */
export interface WebKit {
  go(url: string): Promise<void>
  evaluate<Value>(expression: string): Promise<Value>
  /** Into the Messenger's frame, and out of it. */
  enterFrame(): Promise<void>
  leaveFrame(): Promise<void>
  /** As a person clicks: the first button or link that says this. */
  click(name: string): Promise<void>
  /** Goes to the tab with this host; answers its address, or undefined while there is none. */
  switchTo(host: string): Promise<string | undefined>
  close(): Promise<void>
}

type Say = <Value>(method: string, path: string, body?: object) => Promise<Value>

export async function startWebKit(words: readonly string[] = []): Promise<WebKit> {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-webkit-'))
  const children: ChildProcess[] = []
  const proxy = await openProxyToThisMachine()
  const close = async () => {
    for (const child of children.toReversed()) await stop(child)
    proxy.close().closeAllConnections()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const display = await openScreen(children)
    const driver = await startDriver(children, { home, display })
    const [binary = ''] = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser')
    const { port } = proxy.address() as AddressInfo
    const options = { binary, args: ['--automation', `--proxy=http://127.0.0.1:${port}`, '--ignore-tls-errors', ...words] }
    const wanted = { acceptInsecureCerts: true, browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options }
    const { sessionId } = await driver<{ sessionId: string }>('POST', '/session', { capabilities: { alwaysMatch: wanted } })
    const say: Say = (method, path, body) => driver(method, `/session/${sessionId}${path}`, body)
    return {
      ...actsOf(say),
      async close() {
        await say('DELETE', '').catch(() => {})
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function actsOf(say: Say): Omit<WebKit, 'close'> {
  const evaluate = <Value>(expression: string) => say<Value>('POST', '/execute/sync', { script: `return (${expression})`, args: [] })
  const find = async (expression: string) => {
    const reference = (await evaluate<Record<string, string> | null>(expression))?.[ELEMENT]
    if (reference === undefined) throw new Error(`There is no ${expression}`)
    return reference
  }
  return {
    evaluate,
    go: (url) => say('POST', '/url', { url }),
    async enterFrame() {
      await eventually(() => evaluate(`!!(${MESSENGER})`), true)
      await say('POST', '/frame', { id: { [ELEMENT]: await find(MESSENGER) } })
    },
    leaveFrame: () => say('POST', '/frame', { id: null }),
    async click(name) {
      const said = `(one.ariaLabel ?? one.innerText).includes(${JSON.stringify(name)})`
      const element = await find(`[...document.querySelectorAll('button, a')].find((one) => ${said})`)
      await say('POST', `/element/${element}/click`, {})
    },
    async switchTo(host) {
      for (const handle of await say<string[]>('GET', '/window/handles')) {
        await say('POST', '/window', { handle })
        const url = await say<string>('GET', '/url')
        if (URL.parse(url)?.hostname === host) return url
      }
      return undefined
    },
  }
}

/** Every name is this machine: a proxy says so, since WebKitGTK takes no such rules itself. */
async function openProxyToThisMachine(): Promise<Server> {
  const proxy = createServer()
  proxy.on('connect', (request, socket, head) => {
    const upstream = connect(Number(/:(\d+)$/.exec(request.url ?? '')?.[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return proxy
}

async function openScreen(children: ChildProcess[]): Promise<string> {
  const words = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const screen = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  children.push(screen)
  const [number] = (await once(screen.stdio[3] as Readable, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [Buffer]
  return `:${number.toString().trim()}`
}

async function startDriver(children: ChildProcess[], { home, display }: { home: string; display: string }): Promise<Say> {
  const port = await findFreePort()
  const places = { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home }
  const env = { ...process.env, ...places, DISPLAY: display, GDK_BACKEND: 'x11', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
  children.push(spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' }))
  const address = `http://127.0.0.1:${port}`
  const deadline = Date.now() + PATIENCE_MS
  while (!(await fetch(`${address}/status`).catch(() => undefined))) {
    if (Date.now() > deadline) throw new Error('WebKitWebDriver did not start.')
    await sleep(50)
  }
  return async <Value>(method: string, path: string, body?: object): Promise<Value> => {
    const answer = await fetch(address + path, { method, ...(body && { body: JSON.stringify(body) }) })
    const { value } = (await answer.json()) as { value: Value & { error?: string; message?: string } }
    if (!answer.ok) throw new Error(`${path}: ${value.error} ${value.message}`)
    return value
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), 2000)
  await ended
  clearTimeout(impatient)
}
