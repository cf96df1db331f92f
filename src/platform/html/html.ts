/** Markup that is safe to send: made only by `html` and `raw`. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[]

/** Escapes every value but nested `Html` and lists of it; null, undefined and booleans print nothing. Quote your attributes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let text = strings[0] ?? ''
  for (const [index, value] of values.entries()) text += print(value) + (strings[index + 1] ?? '')
  return new Html(text)
}

/** Markup from our own sanitiser. Nothing else may be passed here. */
export function raw(sanitised: string): Html {
  return new Html(sanitised)
}

function print(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number') return String(value)
  return value.map(print).join('')
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character) : text
}
