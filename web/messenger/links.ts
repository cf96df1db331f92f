import { handOver } from './api.ts'
import { boot } from './session.ts'

/**
 * On another site this host knows the reader by what the page carries, and not by a cookie: a link to this host's own pages
 * is opened with a code, asked for now, that signs its reader in there.
 */
export function openLinksSignedIn() {
  for (const kind of ['click', 'auxclick'] as const) addEventListener(kind, follow)
}

function follow(event: MouseEvent) {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const isOpened = event.button === 0 || event.button === 1
  if (!link || link.origin !== location.origin || !boot.value?.headers || event.defaultPrevented || !isOpened) return
  event.preventDefault()
  void open(link.href)
}

/** The tab is opened in the click itself, so that no browser takes it for a pop-up; without a code the page opens signed out. */
async function open(href: string) {
  const tab = window.open('about:blank')
  const { url } = await handOver(href).catch(() => ({ url: href }))
  if (!tab) return
  tab.opener = null
  tab.location.replace(url)
}
