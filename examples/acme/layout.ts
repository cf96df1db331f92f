import { config } from './config.ts'
import type { Person } from './people.ts'

type Page = { title: string; main: string; head?: string; person?: Person }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escape(text: string) {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** A string as a JavaScript literal that cannot end the script element around it. */
export function script(text: string) {
  return JSON.stringify(text).replaceAll('<', '\\u003c')
}

export function layout({ title, main, head = '', person }: Page) {
  const company = escape(config.company)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · ${company}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8' rx='2' fill='%23b4532a'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/style.css">
${head}
</head>
<body>
<header>
  <a class="brand" href="${person ? '/' : '/anonymous'}">${company}</a>
  ${person ? navigation(person) : ''}
</header>
<main>${main}</main>
<footer>${company} is an example app. It knows Latchkey only by its address and one secret.</footer>
</body>
</html>
`
}

function navigation(person: Person) {
  return `<nav aria-label="Pages">
    <a href="/">Dashboard</a> <a href="/callback">Callbacks</a> <a href="/settings">Settings object</a> <a href="/npm">npm loader</a>
  </nav>
  <form method="post" action="/logout" onsubmit="Intercom('shutdown')">
    <span>${escape(person.name)}</span> <button class="quiet">Log out</button>
  </form>`
}
