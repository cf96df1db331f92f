import type { BootAnswer, Destination, FromFrame, ToFrame } from '#shared/messenger.ts'
import { isCount, record, variant, type Shape } from '#shared/shape.ts'
import { frameStyle } from './frame-style.ts'
import { bare, create, focused } from './page.ts'
import { text, themeOf, type Settings } from './settings.ts'

/** What the frame is told when it opens. */
export interface Opening {
  boot: BootAnswer
  settings: Settings
  go: Destination
}

/** The loader, as this script sees it. */
export interface Opener {
  origin: string
  /** Beside the launcher, in the same shadow root. */
  place: HTMLElement
  /** Asked once the frame can hear it; undefined while the Messenger is closed. */
  opening: () => Opening | undefined
  hear: Record<Exclude<FromFrame['latchkey'], 'ready'>, (message: FromFrame) => void>
}

export interface Panel {
  open(): void
  close(): void
  /** Says who is here and where to go, as soon as the frame can hear it. */
  introduce(): void
  send(message: ToFrame): void
  remove(): void
}

/** Puts the frame beside the launcher. */
export function mountFrame({ origin, place, opening, hear }: Opener): Panel {
  const shadow = place.getRootNode() as ShadowRoot
  addStyle(shadow)
  const frame = createFrame(origin)
  place.prepend(frame)
  let isReady = false
  let focusBefore: HTMLElement | null
  const send = (message: ToFrame) => {
    if (isReady) frame.contentWindow?.postMessage(message, origin)
  }
  const introduce = () => {
    const said = isReady && opening()
    if (said) send(introductionOf(said))
  }
  const ready = () => {
    isReady = true
    introduce()
  }
  const deaf = new AbortController()
  hearFrame(frame, { origin, signal: deaf.signal, handle: { ...hear, ready } })
  return {
    introduce,
    send,
    open() {
      focusBefore = focused()
      introduce()
      frame.focus()
    },
    close() {
      send({ latchkey: 'closed' })
      if (focused() === shadow.host) (focusBefore === shadow.host ? place.querySelector('button') : focusBefore)?.focus()
    },
    remove() {
      deaf.abort()
      frame.remove()
    },
  }
}

const sheet = new CSSStyleSheet()
sheet.replaceSync(frameStyle)

function addStyle(shadow: ShadowRoot) {
  if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet]
}

/** The page's origin travels in the fragment: the frame speaks to that origin and no other. */
function createFrame(origin: string) {
  const frame = create('iframe')
  frame.title = 'Messenger'
  frame.allow = 'clipboard-write'
  frame.src = `${origin}/messenger/frame#${location.origin}`
  return frame
}

const introductionOf = ({ boot, settings, go }: Opening): ToFrame => ({
  latchkey: 'open',
  boot,
  theme: themeOf(settings),
  locale: text(settings['language_override']) || null,
  colors: { action: text(settings['action_color']), background: text(settings['background_color']) },
  go,
})

const message = variant('latchkey', {
  ready: record({}),
  close: record({}),
  unread: record({ count: isCount }),
  conversation_opened: record({}),
  session_ended: record({}),
} satisfies Record<FromFrame['latchkey'], Shape>)

const isFromFrame = (data: unknown): data is FromFrame => message(data)

interface Hearing {
  origin: string
  signal: AbortSignal
  handle: Record<FromFrame['latchkey'], (message: FromFrame) => void>
}

/** Acts on messages of our own frame, from our own origin and in a shape that it gives them, and on nothing else. */
function hearFrame(frame: HTMLIFrameElement, { origin, signal, handle }: Hearing) {
  const hear = (event: MessageEvent<unknown>) => {
    if (!event.source || event.source !== frame.contentWindow || event.origin !== origin) return
    const { data } = event
    if (isFromFrame(data)) handle[data.latchkey](data)
  }
  addEventListener('message', hear, bare({ signal }))
}
