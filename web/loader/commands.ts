import type { Destination, Space } from '#shared/messenger.ts'
import { explain, post } from './ask.ts'
import { boot, shutdown, update } from './boot.ts'
import { on, tell, type Loader, type Occasion } from './loader.ts'
import { open } from './open.ts'
import { bare, complain, warn } from './page.ts'
import { close } from './panel.ts'
import { text } from './settings.ts'
import { draw } from './view.ts'

type Command = (loader: Loader, first?: unknown, second?: unknown) => unknown

const go =
  (destination: Destination): Command =>
  (loader) =>
    open(loader, destination)

/** Called by every wrapper, with nothing to do here. */
const nothing = () => {}

const register =
  (occasion: Occasion): Command =>
  (loader, listener) =>
    on(loader, occasion, listener)

const composer = (loader: Loader, said: unknown, isSent: boolean) =>
  open(loader, { to: 'composer', text: text(said), send: isSent && !!text(said) })

/** Waits for the boot, so that the event finds its contact. */
const trackEvent: Command = async (loader, name, metadata) => {
  await loader.flight
  await post(loader, 'events', { event_name: name, metadata }).then((response) => explain(loader, response), complain)
}

function whoami({ answer }: Loader) {
  return answer && { ...answer.contact }
}

const commands = bare({
  boot,
  update,
  shutdown,
  show: go({ to: 'last' }),
  hide: close,
  showMessages: go({ to: 'space', space: 'messages' }),
  showNewMessage: (loader: Loader, said: unknown) => composer(loader, said, false),
  startConversation: (loader: Loader, said: unknown) => composer(loader, said, true),
  showSpace: (loader: Loader, space: unknown) => open(loader, { to: 'space', space: String(space) as Space }),
  showArticle: (loader: Loader, id: unknown) => open(loader, { to: 'article', id: String(id) }),
  showConversation: (loader: Loader, id: unknown) => open(loader, { to: 'conversation', id: String(id) }),
  onReady: async (loader: Loader, listener: unknown) => {
    await loader.flight
    tell(listener)
  },
  onShow: register('show'),
  onHide: register('hide'),
  onUserEmailSupplied: nothing,
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
  reattach_activator: nothing,
} satisfies Record<string, Command>) as Record<string, Command>

/** Runs one call of `Intercom(…)`; what it does not know it says, and never throws. */
export function run(loader: Loader, [called, ...rest]: unknown[]): unknown {
  const name = String(called)
  const command = commands[name]
  if (!command) return warn(name + ' is not supported')
  return command(loader, ...rest)
}
