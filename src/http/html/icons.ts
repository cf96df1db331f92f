import { html, type Html } from '#platform/html/html.ts'

function icon(paths: Html, extra = ''): Html {
  return html`<svg class="icon ${extra}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`
}

export const icons = {
  search: icon(html`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`),
  person: icon(html`<circle cx="12" cy="8" r="3.75"/><path d="M4.75 20c.7-3.9 3.5-6 7.25-6s6.55 2.1 7.25 6"/>`),
  globe: icon(
    html`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.6 2.4 3.8 5.2 3.8 8.5s-1.2 6.1-3.8 8.5c-2.6-2.4-3.8-5.2-3.8-8.5s1.2-6.1 3.8-8.5Z"/>`,
  ),
  ticket: icon(
    html`<path d="M4 7.5A1.5 1.5 0 0 1 5.5 6h13A1.5 1.5 0 0 1 20 7.5V10a2 2 0 0 0 0 4v2.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5V14a2 2 0 0 0 0-4Z"/><path d="M14 9.5v5"/>`,
  ),
  book: icon(
    html`<path d="M5 5.5A1.5 1.5 0 0 1 6.5 4H19v13.5H6.5A1.5 1.5 0 0 0 5 19Z"/><path d="M5 19a1.5 1.5 0 0 0 1.5 1.5H19"/><path d="M9 8h6"/>`,
  ),
  page: icon(
    html`<path d="M7 3.5h7l4.5 4.5v11A1.5 1.5 0 0 1 17 20.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5Z"/><path d="M14 3.5V8h4.5"/>`,
  ),
  chevron: icon(html`<path d="m9.5 5.5 6 6.5-6 6.5"/>`, 'mirrored'),
  lock: icon(html`<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>`),
}

/** The site's icon, in the workspace's colour. */
export function favicon(color: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${color}"/><circle cx="16" cy="13" r="5" fill="#fff"/><path d="M14 15h4l1.5 10h-7z" fill="#fff"/></svg>`
}
