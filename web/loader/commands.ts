import type { Destination, Space } from '#shared/messenger.ts'
import { explain, post } from './ask.ts'
import { boot, shutdown, update } from './boot.ts'
import { on, tell, type Loader, type Occasion } from './loader.ts'
import { warn } from './page.ts'
import { close, draw, open } from './panel.ts'
import { text } from './settings.ts'

type Command = (loader: Loader, first?: unknown, second?: unknown) => unknown

const go = (destination: Destination): Command => (loader) => open(loader, destination)

const register =
  (occasion: Occasion): Command =>
  (loader, listener) =>
    on(loader, occasion, listener)

const composer = (loader: Loader, said: unknown, isSent: boolean) =>
  open(loader, { to: 'composer', text: text(said), send: isSent && !!text(said) })

function showSpace(loader: Loader, space: unknown) {
  const { answer } = loader
  if (answer && !answer.settings.spaces.includes(space as Space)) warn('no such space: ' + space)
  else open(loader, { to: 'space', space: space as Space })
}

async function trackEvent(loader: Loader, name: unknown, metadata: unknown) {
  await loader.flight
  if (!loader.answer || !text(name)) return warn('trackEvent needs a boot and a name')
  const response = await post(loader, 'events', { event_name: name, metadata })
  if (!response.ok) await explain(response)
}

function whoami({ answer }: Loader) {
  return answer && { ...answer.contact }
}

const commands = new Map<string, Command>(
  Object.entries({
    boot,
    update,
    shutdown,
    show: go({ to: 'last' }),
    hide: close,
    showMessages: go({ to: 'space', space: 'messages' }),
    showNewMessage: (loader: Loader, said: unknown) => composer(loader, said, false),
    startConversation: (loader: Loader, said: unknown) => composer(loader, said, true),
    showSpace,
    showArticle: (loader: Loader, id: unknown) => open(loader, { to: 'article', id: String(id) }),
    showConversation: (loader: Loader, id: unknown) => open(loader, { to: 'conversation', id: String(id) }),
    onReady: (loader: Loader, listener: unknown) => (loader.answer ? tell(listener) : on(loader, 'ready', listener)),
    onShow: register('show'),
    onHide: register('hide'),
    onUserEmailSupplied: register('email'),
    onUnreadCountChange: (loader: Loader, listener: unknown) => {
      on(loader, 'unread', listener)
      tell(listener, loader.unread)
    },
    hideNotifications: (loader: Loader, isHidden: unknown) => {
      loader.settings['hide_notifications'] = isHidden
      draw(loader)
    },
    getVisitorId: ({ answer }: Loader) => answer?.visitor_id,
    whoami,
    trackEvent,
    reattach_activator: () => {},
  } satisfies Record<string, Command>),
)

/** Runs one call of `Intercom(…)`; what it does not know it says, and never throws. */
export function run(loader: Loader, [called, ...rest]: unknown[]): unknown {
  const name = String(called)
  const command = commands.get(name)
  if (!command) return warn(name + ' is not supported')
  const result = command(loader, ...rest)
  if (result instanceof Promise) result.catch(warn)
  else return result
}
