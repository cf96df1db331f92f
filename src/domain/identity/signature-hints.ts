import { createHmac } from 'node:crypto'
import { NOTHINGS, shown, type Hint, type HintContext } from './hint.ts'

const HS256_CHARACTERS = 43

export const isShort: Hint = ({ peek: { header, segments } }) => {
  const length = segments.length === 3 && header?.get('alg') === 'HS256' ? (segments[2]?.length ?? 0) : 0
  return (
    length > 0 &&
    length < HS256_CHARACTERS &&
    `Its signature has ${length} characters of ${HS256_CHARACTERS}: the token was cut on the way.`
  )
}

/** A secret that was not used as it was shown. */
const MISTAKES: readonly [what: string, of: (secret: string) => string | Buffer][] = [
  ['base64-decoded before signing; use its characters as they are', (secret) => Buffer.from(secret, 'base64')],
  ['used with a line break behind it; trim what you read from a file or environment', (secret) => `${secret}\n`],
  ['used with a line break behind it; trim what you read from a file or environment', (secret) => `${secret}\r`],
  ['used with a line break behind it; trim what you read from a file or environment', (secret) => `${secret}\r\n`],
  ['used with white space behind it; trim what you read', (secret) => `${secret} `],
  ['used with quotes around it; your .env file keeps them', (secret) => `"${secret}"`],
  ['used with quotes around it; your .env file keeps them', (secret) => `'${secret}'`],
  ['base64-encoded before signing; use its characters as they are', (secret) => Buffer.from(secret).toString('base64')],
  ['hex-encoded before signing; use its characters as they are', (secret) => Buffer.from(secret).toString('hex')],
  ['lower-cased before signing', (secret) => secret.toLowerCase()],
  ['used without its last character; copy it whole', (secret) => secret.slice(0, -1)],
  ['used without its first character; copy it whole', (secret) => secret.slice(1)],
  ['used with its name and “=” before it; use what is behind the “=”', (secret) => `MESSENGER_SECRET=${secret}`],
]

const secretMisused: Hint = (context) => {
  for (const { row, bytes } of context.keys) {
    const secret = Buffer.from(bytes).toString()
    const mistake = MISTAKES.find(([, of]) => isSignedBy(context, of(secret)))
    if (mistake) return `The secret “${row.name}” (${row.kid}) was ${mistake[0]}.`
  }
  return undefined
}

/** Signed with what is no secret at all. */
const noSecret: Hint = (context) => {
  if (isSignedBy(context, '')) return 'It was signed with an empty secret: the variable that holds it is not set on the server that signs.'
  const nothing = NOTHINGS.find((text) => isSignedBy(context, text))
  if (nothing) return `It was signed with the text “${nothing}”: the variable that holds the secret is not set on the server that signs.`
  const { row } = context.keys.find(({ row }) => isSignedBy(context, row.kid)) ?? {}
  if (row) return `It was signed with the kid ${row.kid} itself. The kid goes into the header; sign with the secret “${row.name}”.`
  return isSignedBy(context, context.workspace.app_id) && 'It was signed with the app_id. Sign with a messenger secret.'
}

const signatureAsHex: Hint = (context) => {
  const [head, body, tail = ''] = context.peek.segments
  const isHex = (bytes: Uint8Array) => {
    const hex = createHmac('sha256', bytes).update(`${head}.${body}`).digest('hex')
    return tail === hex || tail === Buffer.from(hex).toString('base64url')
  }
  return context.keys.some(({ bytes }) => isHex(bytes)) && 'The signature is written in hex: base64url-encode its 32 bytes.'
}

const kidOfAnother: Hint = (context) => {
  const kid = context.peek.header?.get('kid')
  const named = context.keys.find(({ row }) => row.kid === kid)
  const signer = context.keys.find(({ bytes }) => isSignedBy(context, bytes))
  return (
    named &&
    signer &&
    `Its kid names “${named.row.name}”, but “${signer.row.name}” (${signer.row.kid}) signed it. Change kid and secret together.`
  )
}

const ofAnotherWorkspace: Hint = (context) => {
  const owner = context.elsewhere.find(({ keys }) => keys.some(({ bytes }) => isSignedBy(context, bytes)))
  if (owner)
    return `It was signed with a secret of your workspace ${owner.workspace.name} (${owner.workspace.app_id}); this is ${context.workspace.name} (${context.workspace.app_id}).`
  const kid = context.peek.header?.get('kid')
  const isOurForm = typeof kid === 'string' && /^mk_[\da-f]{12}$/.test(kid)
  return (
    isOurForm &&
    !context.keys.some(({ row }) => row.kid === kid) &&
    `Its kid ${kid} is no key of this workspace: it was signed for another one.`
  )
}

const BEFORE_ANOTHER_PRODUCT: readonly Hint[] = [noSecret, secretMisused, signatureAsHex, isShort, kidOfAnother, ofAnotherWorkspace]

const ofAnotherProduct: Hint = (context) => {
  if (BEFORE_ANOTHER_PRODUCT.some((hint) => hint(context))) return undefined
  const { payload } = context.peek
  const issuer = payload?.get('iss')
  if (typeof issuer === 'string')
    return `Its iss is ${shown(issuer)}: this is a token of that issuer, signed with a secret that is not of this workspace.`
  return 'The secret is none of this workspace. Typical: the secret of the service you used before (Latchkey has its own), of another environment, or one that was replaced.'
}

/** What a bad signature most likely comes from, the surest first. */
export const SIGNATURE_HINTS: readonly Hint[] = [...BEFORE_ANOTHER_PRODUCT, ofAnotherProduct]

export function ofAnotherKeyPair(alg: unknown, { peek: { header, payload } }: HintContext): string {
  const said = ['iss', 'kid'].map((name) => `${name} ${shown((name === 'iss' ? payload : header)?.get(name))}`).join(', ')
  return `It was signed with ${shown(alg)} (${said}), but with the private half of no ${shown(alg)} key that was added here. Compare the iss and the kid with latchkey key list.`
}

function isSignedBy({ peek: { segments } }: HintContext, key: string | Uint8Array): boolean {
  const [head = '', body = '', tail = ''] = segments
  return createHmac('sha256', key).update(`${head}.${body}`).digest('base64url') === tail
}
