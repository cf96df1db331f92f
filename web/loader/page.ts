/** The host page may have elements named `body` or `createElement`: ask the prototype, never `document` itself. */
const page = Document.prototype

const read = (name: string): unknown => Object.getOwnPropertyDescriptor(page, name)?.get?.call(document)

export const create = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag) =>
  page.createElement.call(document, tag) as HTMLElementTagNameMap[Tag]

export const pageBody = () => read('body') as HTMLElement | null

export const focused = () => read('activeElement') as HTMLElement | null

/** Where this script came from; undefined when it was not loaded by a script tag with an address. */
export function ownOrigin(): string | undefined {
  const { src } = (read('currentScript') ?? {}) as HTMLScriptElement
  return src && new URL(src).origin
}

export const warn = (message: unknown) => console.warn('Latchkey: ' + message)

export const complain = (message: unknown) => console.error('Latchkey: ' + message)

/** Says what is wrong; the part that knows how is fetched only then. */
export const report = ({ origin }: { origin: string }, fault: string, detail?: unknown): void =>
  void import(/* @vite-ignore */ origin + '/messenger-diagnosis.js').then(
    ({ say }: typeof import('./diagnosis.ts')) => say(origin, fault, detail),
    () => complain(fault + ' at ' + origin),
  )

/** A copy without a prototype, so that a polluted Object.prototype cannot add to it. */
export const bare = (...values: unknown[]) => Object.assign(Object.create(null) as object, ...values) as Record<string, unknown>

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Full jitter around 1 s, 2 s, 4 s … 30 s. */
export const backoff = (failures: number) => Math.min(3e4, 500 * 2 ** failures) * (0.5 + Math.random())
