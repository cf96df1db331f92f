import type { Destination, FromFrame, ToFrame } from '#shared/messenger.ts'
import { toHex } from '#web/ui/color.ts'
import { emit, type Loader } from './loader.ts'
import { focused, warn } from './page.ts'
import { themeOf } from './settings.ts'
import { drawView, dropFrame, languageOf, loadFrame } from './view.ts'

export function draw(loader: Loader) {
  const { answer, settings, unread, isOpen, view } = loader
  if (answer) drawView(view, { settings, color: answer.settings.action_color, unread, isOpen })
}

export function send(loader: Loader, message: ToFrame) {
  const { frame, isReady } = loader.view
  if (isReady) frame?.contentWindow?.postMessage(message, loader.origin)
}

/** Says who is here and where to go. A destination is said once, so that nothing is sent twice. */
export function introduce(loader: Loader) {
  const { answer, settings, view, wish } = loader
  if (!answer || !loader.isOpen || !view.isReady) return
  const [action, background] = [toHex(settings['action_color']), toHex(settings['background_color'])]
  loader.wish = undefined
  send(loader, {
    latchkey: 'open',
    boot: answer,
    theme: themeOf(settings),
    locale: languageOf(settings),
    colors: { ...(action && { action }), ...(background && { background }) },
    go: wish ?? { to: 'last' },
  })
}

export function open(loader: Loader, go: Destination) {
  if (!loader.answer && !loader.flight) return warn('call Intercom("boot", {app_id: …}) first.')
  loader.wish = go
  if (!loader.answer) return
  loadFrame(loader.view, loader.origin)
  if (loader.isOpen) return introduce(loader)
  loader.isOpen = true
  const before = focused()
  loader.focusBefore = before === loader.view.host ? loader.view.button : before
  draw(loader)
  introduce(loader)
  loader.view.frame?.focus()
  emit(loader, 'show')
}

export function close(loader: Loader) {
  loader.wish = undefined
  if (!loader.isOpen) return
  const hadFocus = focused() === loader.view.host
  loader.isOpen = false
  draw(loader)
  send(loader, { latchkey: 'closed' })
  if (hadFocus) (loader.focusBefore?.isConnected ? loader.focusBefore : loader.view.button).focus()
  emit(loader, 'hide')
}

export function setUnread(loader: Loader, count: unknown) {
  if (!Number.isInteger(count) || count === loader.unread) return
  loader.unread = count as number
  draw(loader)
  emit(loader, 'unread', loader.unread)
}

/** Takes the Messenger off the page: nobody is signed in here. */
export function clear(loader: Loader) {
  close(loader)
  dropFrame(loader.view)
  loader.view.host.remove()
  loader.answer = undefined
  loader.stream?.abort()
  loader.stream = undefined
  loader.lastEventId = ''
  setUnread(loader, 0)
}

/** Acts on messages of our own frame from our own origin, and on nothing else. */
export function hearFrame(loader: Loader, handle: Record<FromFrame['latchkey'], (message: FromFrame) => void>) {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    const window = loader.view.frame?.contentWindow
    if (!window || source !== window || origin !== loader.origin || typeof data !== 'object' || !data) return
    const { latchkey } = data as FromFrame
    if (Object.hasOwn(data, 'latchkey') && Object.hasOwn(handle, latchkey)) handle[latchkey](data as FromFrame)
  })
}
