import { useLayoutEffect, useRef } from 'preact/hooks'
import { parseHtml } from '#web/messenger/html.ts'
import { visit } from '#web/messenger/routes.ts'

/** A link to one of our own articles is read in place. */
function readInPlace(event: MouseEvent) {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const [, id] = (link && link.origin === location.origin && /\/articles\/(\d+)/.exec(link.pathname)) || []
  if (!id || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  visit({ at: 'article', id })
}

/** The only place where HTML from the server becomes part of the frame. */
export function Html({ source, lang }: { source: string; lang?: string }) {
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => place.current?.replaceChildren(parseHtml(source)), [source])
  return <div class="prose" ref={place} onClick={readInPlace} {...(lang && { lang, dir: 'auto' })} />
}
