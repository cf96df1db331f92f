import { createHmac } from 'node:crypto'
import { shown, type Hint, type HintContext } from './hint.ts'
import { insteadOfSecret, misuseOf } from './secret-misuse.ts'

const HS256_CHARACTERS = 43

export const isShort: Hint = ({ peek: { header, segments } }) => {
  const length = segments.length === 3 && header?.get('alg') === 'HS256' ? (segments[2]?.length ?? 0) : 0
  return (
    length > 0 &&
    length < HS256_CHARACTERS &&
    `Its signature has ${length} characters of ${HS256_CHARACTERS}: the token was cut on the way.`
  )
}

const secretMisused: Hint = (context) => {
  for (const { row, bytes } of context.keys) {
    const mistake = misuseOf(Buffer.from(bytes).toString(), (key) => isSignedBy(context, key))
    if (mistake) return `The secret “${row.name}” (${row.kid}) was ${mistake}.`
  }
  return undefined
}

const noSecret: Hint = (context) => {
  const instead = insteadOfSecret((key) => isSignedBy(context, key))
  if (instead) return `It was signed with ${instead}`
  const { row } = context.keys.find(({ row }) => isSignedBy(context, row.kid)) ?? {}
  if (row) return `It was signed with the kid ${row.kid} itself. The kid goes into the header; sign with the secret “${row.name}”.`
  return isSignedBy(context, context.workspace.app_id) && 'It was signed with the app_id. Sign with a messenger secret.'
}

/** The right secret, and something else than its HS256 over the first two segments. */
const signedOtherwise: Hint = (context) => {
  const [head = '', body = '', tail = ''] = context.peek.segments
  const decoded = [head, body].map((part) => Buffer.from(part, 'base64url').toString()).join('.')
  const macs: [what: string, of: (key: Uint8Array) => string][] = [
    ['written in hex: base64url-encode its 32 bytes', (key) => macOf(key, `${head}.${body}`, 'hex')],
    ['written in hex: base64url-encode its 32 bytes', (key) => Buffer.from(macOf(key, `${head}.${body}`, 'hex')).toString('base64url')],
    ['base64-encoded twice: encode its 32 bytes once', (key) => Buffer.from(macOf(key, `${head}.${body}`)).toString('base64url')],
    ['over the payload alone: sign “header.payload”', (key) => macOf(key, body)],
    ['over the JSON: sign the two base64url segments with the dot between them', (key) => macOf(key, decoded)],
    ['HMAC-SHA512, while the header says HS256: use SHA-256', (key) => macOf(key, `${head}.${body}`, 'base64url', 'sha512')],
    ['HMAC-SHA1: use SHA-256', (key) => macOf(key, `${head}.${body}`, 'base64url', 'sha1')],
  ]
  const [what] = macs.find(([, of]) => context.keys.some(({ bytes }) => of(bytes) === tail)) ?? []
  return what !== undefined && `The signature is ${what}.`
}

const isLong: Hint = (context) => {
  const [, , tail = ''] = context.peek.segments
  const isOurs = tail.length > HS256_CHARACTERS && context.keys.some(({ bytes }) => tail.startsWith(macOf(bytes, signingInput(context))))
  return isOurs && `Its signature has ${tail.length} characters instead of ${HS256_CHARACTERS}: something was added behind it.`
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

const ofAnotherProduct: Hint = (context) => {
  const { payload } = context.peek
  const issuer = payload?.get('iss')
  if (typeof issuer === 'string')
    return `Its iss is ${shown(issuer)}: this is a token of that issuer, signed with a secret that is not of this workspace.`
  return 'The secret is none of this workspace. Typical: the secret of another workspace or environment, of the service you used before (Latchkey has its own), an API token, or a secret that was replaced. Or the token was changed after it was signed.'
}

const SUREST_FIRST: readonly Hint[] = [
  noSecret,
  secretMisused,
  signedOtherwise,
  isShort,
  isLong,
  kidOfAnother,
  ofAnotherWorkspace,
  ofAnotherProduct,
]

/** What a bad signature most likely comes from. */
export const hintOfSignature: Hint = (context) => {
  for (const hint of SUREST_FIRST) {
    const said = hint(context)
    if (said) return said
  }
  return undefined
}

export function ofAnotherKeyPair(alg: unknown, { peek: { header, payload } }: HintContext): string {
  const said = ['iss', 'kid'].map((name) => `${name} ${shown((name === 'iss' ? payload : header)?.get(name))}`).join(', ')
  return `It was signed with ${shown(alg)} (${said}), but with the private half of no ${shown(alg)} key that was added here. Compare the iss and the kid with latchkey key list.`
}

function isSignedBy(context: HintContext, key: string | Uint8Array): boolean {
  return macOf(key, signingInput(context)) === context.peek.segments[2]
}

function signingInput({ peek: { segments } }: HintContext): string {
  return segments.slice(0, 2).join('.')
}

function macOf(
  key: string | Uint8Array,
  text: string,
  form: 'base64url' | 'hex' = 'base64url',
  digest: 'sha256' | 'sha512' | 'sha1' = 'sha256',
): string {
  return createHmac(digest, key).update(text).digest(form)
}
