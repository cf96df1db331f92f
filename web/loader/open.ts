import type { Destination, FromFrame } from '#shared/messenger.ts'
import type { Opener, Opening } from './frame.ts'
import { listen } from './live.ts'
import { emit, type Loader } from './loader.ts'
import { complain, warn } from './page.ts'
import { clear, close, introduce, setUnread, tellPanel } from './panel.ts'
import { draw } from './view.ts'

export function open(loader: Loader, go: Destination) {
  if (!loader.answer && !loader.flight) return warn('boot first')
  loader.wish = go
  preload(loader)
  if (!loader.answer) return
  if (loader.isOpen) return introduce(loader)
  loader.isOpen = true
  draw(loader)
  tellPanel(loader, (panel) => panel.open())
  emit(loader, 'show')
}

/** On hover, on focus and on opening: the part that knows the frame is fetched then, not before. */
export function preload(loader: Loader) {
  loader.panel ??= import(/* @vite-ignore */ loader.origin + '/messenger-panel.js')
    .then(({ mountFrame }: typeof import('./frame.ts')) => mountFrame(openerOf(loader)))
    .catch((error: unknown): undefined => {
      complain(error)
      loader.panel = undefined
      close(loader)
    })
}

const openerOf = (loader: Loader): Opener => ({
  origin: loader.origin,
  place: loader.view.root,
  opening: () => openingOf(loader),
  hear: {
    close: () => close(loader),
    unread: (message: FromFrame) => setUnread(loader, (message as { count?: unknown }).count),
    conversation_opened: () => listen(loader),
    session_ended: () => clear(loader),
  },
})

/** A destination is said once, so that nothing is sent twice. */
function openingOf(loader: Loader): Opening | undefined {
  const { answer, settings, wish, isOpen } = loader
  if (!answer || !isOpen) return
  loader.wish = undefined
  return { boot: answer, settings, go: wish ?? { to: 'last' } }
}
