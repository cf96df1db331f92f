import { run } from './commands.ts'
import { createLoader, type Loader } from './loader.ts'
import { open, preload } from './open.ts'
import { bare, complain, ownOrigin, report } from './page.ts'
import { close } from './panel.ts'
import { readSettings, text } from './settings.ts'
import { createView, draw } from './view.ts'

type Intercom = ((...call: unknown[]) => unknown) & { q?: unknown; booted?: boolean }

const page = window as { Intercom?: unknown; intercomSettings?: unknown }

function createIntercom(loader: Loader): Intercom {
  const intercom: Intercom = (...call) => {
    try {
      return run(loader, call)
    } catch (error) {
      complain(error)
    }
  }
  return Object.defineProperty(intercom, 'booted', bare({ get: () => !!(loader.answer ?? loader.flight) }))
}

/** Replays what was called before this script arrived; calls through a kept reference to the stub come here too. */
function takeOver(intercom: Intercom, stub: unknown) {
  const queue = typeof stub === 'function' ? (stub as Intercom).q : undefined
  const calls = Array.isArray(queue) ? (queue as unknown[][]) : []
  if (queue) (stub as Intercom).q = { push: (call: ArrayLike<unknown>) => intercom.apply(null, call as unknown[]) }
  page.Intercom = intercom
  if (text(readSettings(page.intercomSettings)['app_id']) && !calls.some(([name]) => name === 'boot'))
    intercom('boot', page.intercomSettings)
  for (const call of calls) intercom.apply(null, call)
}

function wire(loader: Loader) {
  const { button } = loader.view
  const toggle = () => (loader.isOpen ? close(loader) : open(loader, { to: 'last' }))
  button.onclick = toggle
  button.onpointerenter = button.onfocus = () => preload(loader)
  // A listener that answers false would swallow the key: Tab and Enter must pass.
  button.onkeydown = ({ key }) => void (key === 'Escape' && close(loader))
  addEventListener('click', ({ target }) => {
    const selector = text(loader.settings['custom_launcher_selector'])
    try {
      if (selector && target instanceof Element && target.closest(selector)) toggle()
    } catch (error) {
      complain(error)
    }
  })
  addEventListener('DOMContentLoaded', () => draw(loader))
}

const origin = ownOrigin()
if (!origin) complain('load me with <script src>')
else if (typeof (page.Intercom as Intercom | undefined)?.booted !== 'boolean') {
  const loader = createLoader(origin, createView())
  wire(loader)
  takeOver(createIntercom(loader), page.Intercom)
} else report({ origin }, 'two loaders')
