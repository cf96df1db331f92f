import type { FromFrame, ToFrame } from '#shared/messenger.ts'
import { isFromPage } from './from-page.ts'

/** The page that holds this frame: the loader puts its origin into our fragment; a lie there only makes us mute. */
const pageOrigin = decodeURIComponent(location.hash.slice(1))

export function tellPage(message: FromFrame) {
  if (parent !== window && /^https?:\/\//.test(pageOrigin)) parent.postMessage(message, pageOrigin)
}

type Handlers = { [Name in ToFrame['latchkey']]: (message: Extract<ToFrame, { latchkey: Name }>) => void }

export function hearPage(handlers: Handlers) {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== parent || origin !== pageOrigin || !isFromPage(data)) return
    // Each handler takes exactly the message its name stands for.
    ;(handlers[data.latchkey] as (message: ToFrame) => void)(data)
  })
}
