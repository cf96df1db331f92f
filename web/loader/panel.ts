import type { Panel } from './frame.ts'
import { emit, type Loader } from './loader.ts'
import { complain } from './page.ts'
import { draw } from './view.ts'

/** What is said to the panel before it has arrived is heard when it does, in turn. */
export const tellPanel = ({ panel }: Loader, say: (panel: Panel) => void) => void panel?.then((it) => it && say(it)).catch(complain)

export const introduce = (loader: Loader) => tellPanel(loader, (panel) => panel.introduce())

export function close(loader: Loader) {
  loader.wish = undefined
  if (!loader.isOpen) return
  loader.isOpen = false
  draw(loader)
  tellPanel(loader, (panel) => panel.close())
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
  tellPanel(loader, (panel) => panel.remove())
  loader.panel = undefined
  loader.view.host.remove()
  loader.answer = undefined
  loader.stream?.abort()
  loader.stream = undefined
  setUnread(loader, 0)
}
