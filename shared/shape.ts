/** Whether a value that came from elsewhere has a shape. */
export type Shape = (value: unknown) => boolean

export const isText: Shape = (value) => typeof value === 'string'

export const isFlag: Shape = (value) => typeof value === 'boolean'

export const isCount: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0

export const oneOf =
  (...words: unknown[]): Shape =>
  (value) =>
    words.includes(value)

export const orNothing =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || value === null || shape(value)

export const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape)

/** A record with at least these fields of its own; an older or a newer half of the Messenger may say more. */
export const record =
  (fields: Record<string, Shape>): Shape =>
  (value) =>
    typeof value === 'object' && value !== null && Object.entries(fields).every(([name, shape]) => shape(own(value, name)))

/** A record whose field `name` is one of these words, each with a shape of its own. */
export const variant =
  (name: string, shapes: Record<string, Shape>): Shape =>
  (value) => {
    if (typeof value !== 'object' || value === null) return false
    const word = own(value, name)
    return typeof word === 'string' && Object.hasOwn(shapes, word) && shapes[word]?.(value) === true
  }

const own = (value: object, name: string): unknown => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined)
