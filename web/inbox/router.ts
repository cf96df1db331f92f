import { signal } from '@preact/signals'

/** Where we are, without query. */
export const path = signal(location.pathname)

export function go(href: string): void {
  const { pathname, search } = new URL(href, location.href)
  if (pathname + search === location.pathname + location.search) return
  history.pushState(null, '', pathname + search)
  path.value = pathname
  scrollTo(0, 0)
}

/** Plain links inside the app change the path instead of loading a document. */
export function watchLinks(): void {
  addEventListener('popstate', () => {
    path.value = location.pathname
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.hasAttribute('download')) return
    if (link.origin !== location.origin || !/^\/settings(?:\/|$)/.test(link.pathname)) return
    event.preventDefault()
    go(link.href)
  })
}
