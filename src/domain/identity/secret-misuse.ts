import { hash } from 'node:crypto'
import { NOTHINGS } from './hint.ts'

/** Whether this key made what came. */
type IsKey = (key: string | Uint8Array) => boolean

const LINE_BREAK = 'used with a line break behind it; trim what you read from a file or environment'
const QUOTES = 'used with quotes around it; your .env file keeps them'
const DIGEST = 'hashed before signing; use its characters as they are'
const IN_BASE64 = 'base64-encoded before signing; use its characters as they are'
/** Under which people keep it. */
const NAMES_OF_SECRETS = ['MESSENGER_SECRET', 'INTERCOM_SECRET', 'INTERCOM_MESSENGER_SECRET', 'LATCHKEY_SECRET', 'JWT_SECRET', 'SECRET']
const FEWEST_KEPT = 16

/** A secret that was not used as it was shown. */
const MISTAKES: readonly [what: string, of: (secret: string) => string | Buffer][] = [
  ['base64-decoded before signing; use its characters as they are', (secret) => Buffer.from(secret, 'base64')],
  ...['\n', '\r', '\r\n'].map((tail): [string, (secret: string) => string] => [LINE_BREAK, (secret) => secret + tail]),
  ...[' ', '\t'].flatMap((space): [string, (secret: string) => string][] => [
    ['used with white space behind it; trim what you read', (secret) => secret + space],
    ['used with white space before it; trim what you read', (secret) => space + secret],
  ]),
  ...['"', "'", '`', '“'].flatMap((mark): [string, (secret: string) => string][] => [
    [QUOTES, (secret) => mark + secret + (mark === '“' ? '”' : mark)],
    [`${QUOTES}, and a line break behind them`, (secret) => `${mark}${secret}${mark}\n`],
    ['used with a quote at one end; your .env file keeps it', (secret) => mark + secret],
    ['used with a quote at one end; your .env file keeps it', (secret) => secret + mark],
  ]),
  ...[',', ';', '.', '\\n', '%0A', '='].map((tail): [string, (secret: string) => string] => [
    `used with “${tail}” behind it; copy the secret alone`,
    (secret) => secret + tail,
  ]),
  ['used with a byte order mark before it; save the file as UTF-8 without one', (secret) => `\uFEFF${secret}`],
  [IN_BASE64, (secret) => Buffer.from(secret).toString('base64')],
  [
    `${IN_BASE64.split(';')[0]}, with a line break in it; echo adds one, use printf`,
    (secret) => Buffer.from(`${secret}\n`).toString('base64'),
  ],
  ['hex-encoded before signing; use its characters as they are', (secret) => Buffer.from(secret).toString('hex')],
  ['hex-decoded before signing; use its characters as they are', (secret) => Buffer.from(secret, 'hex')],
  ['made bytes of as UTF-16; use UTF-8', (secret) => Buffer.from(secret, 'utf16le')],
  [DIGEST, (secret) => hash('sha256', secret, 'hex')],
  [DIGEST, (secret) => hash('sha256', secret, 'buffer')],
  [DIGEST, (secret) => hash('md5', secret, 'hex')],
  ['lower-cased before signing', (secret) => secret.toLowerCase()],
  ['upper-cased before signing', (secret) => secret.toUpperCase()],
  ['used twice in a row; copy it once', (secret) => secret + secret],
  ...NAMES_OF_SECRETS.map((name): [string, (secret: string) => string] => [
    'used with its name and “=” before it; use what is behind the “=”',
    (secret) => `${name}=${secret}`,
  ]),
]

/** What was done to the secret before it was used, as in “the secret was …”. */
export function misuseOf(secret: string, isKey: IsKey): string | undefined {
  const mistake = MISTAKES.find(([, of]) => of(secret).length > 0 && isKey(of(secret)))
  return mistake?.[0] ?? partOf(secret, isKey)
}

function partOf(secret: string, isKey: IsKey): string | undefined {
  for (let kept = secret.length - 1; kept >= FEWEST_KEPT; kept--) {
    if (isKey(secret.slice(0, kept))) return `used without its ${lastOf(secret.length - kept, 'last')}; copy it whole`
    if (isKey(secret.slice(-kept))) return `used without its ${lastOf(secret.length - kept, 'first')}; copy it whole`
  }
  return undefined
}

function lastOf(count: number, which: 'first' | 'last'): string {
  return count === 1 ? `${which} character` : `${which} ${count} characters`
}

/** What stands in examples and in the forms of jwt.io. */
const EXAMPLES = [
  'secret',
  'your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'changeme',
  'test',
  'YOUR_SECRET',
  'your-secret',
]
const IN_NODE = ['process', 'env'].join('.')
const UNREAD = NAMES_OF_SECRETS.flatMap((name) => [name, `$${name}`, `\${${name}}`, `${IN_NODE}.${name}`, `%${name}%`])

/** What is no secret at all and was used as one. */
export function insteadOfSecret(isKey: IsKey): string | undefined {
  if (isKey(''))
    return 'an empty secret: the variable that holds it is not set on the server that signs, or it was hex-decoded, which leaves nothing of it.'
  const nothing = NOTHINGS.find(isKey)
  if (nothing) return `the text “${nothing}”: the variable that holds the secret is not set on the server that signs.`
  const unread = UNREAD.find(isKey)
  if (unread) return `the text “${unread}”, the name of a variable and not what it holds.`
  const example = EXAMPLES.find(isKey)
  return example && `the text “${example}” out of an example. Sign with a messenger secret.`
}
