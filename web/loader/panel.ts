import type { Destination, FromFrame, ToFrame } from '#shared/messenger.ts'
import { emit, type Loader } from './loader.ts'
import { bare, focused, warn } from './page.ts'
import { text, themeOf } from './settings.ts'
import { draw, dropFrame, loadFrame } from './view.ts'

export function send({ view, origin }: Loader, message: ToFrame) {
  if (view.isReady) view.frame?.contentWindow?.postMessage(message, origin)
}

/** Says who is here and where to go. A destination is said once, so that nothing is sent twice. */
export function introduce(loader: Loader) {
  const { answer, settings, view, wish, isOpen } = loader
  if (!answer || !isOpen || !view.isReady) return
  loader.wish = undefined
  send(loader, {
    latchkey: 'open',
    boot: answer,
    theme: themeOf(settings),
    locale: text(settings['language_override']) || null,
    colors: { action: text(settings['action_color']), background: text(settings['background_color']) },
    go: wish ?? { to: 'last' },
  })
}

export function open(loader: Loader, go: Destination) {
  const { answer, view } = loader
  if (!answer && !loader.flight) return warn('boot first')
  loader.wish = go
  if (!answer) return
  loadFrame(view, loader.origin)
  if (loader.isOpen) return introduce(loader)
  loader.isOpen = true
  loader.focusBefore = focused()
  draw(loader)
  introduce(loader)
  view.frame?.focus()
  emit(loader, 'show')
}

export function close(loader: Loader) {
  const { view, focusBefore } = loader
  loader.wish = undefined
  if (!loader.isOpen) return
  const hadFocus = focused() === view.host
  loader.isOpen = false
  draw(loader)
  send(loader, { latchkey: 'closed' })
  if (hadFocus) (focusBefore === view.host ? view.button : focusBefore)?.focus()
  emit(loader, 'hide')
}

export function setUnread(loader: Loader, count: unknown) {
  if (!(Number(count) >= 0) || count === loader.unread) return
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
  setUnread(loader, 0)
}

/** Acts on messages of our own frame from our own origin, and on nothing else. */
export function hearFrame(loader: Loader, handle: Record<FromFrame['latchkey'], (message: FromFrame) => void>) {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (!source || source !== loader.view.frame?.contentWindow || origin !== loader.origin) return
    const message = bare(data) as unknown as FromFrame
    if (Object.hasOwn(handle, message.latchkey)) handle[message.latchkey](message)
  })
}
