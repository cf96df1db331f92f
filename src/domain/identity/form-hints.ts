import { PLACEHOLDER, shown, type Hint } from './hint.ts'
import { isShort } from './signature-hints.ts'
import { isTokenShaped } from './token-peek.ts'

const isApiToken: Hint = ({ token }) =>
  /^lk_[\w-]{20,}$/.test(token) && 'This is an API token of a teammate, not a user JWT. It belongs in no page: retire it if it was in one.'

const isSecret: Hint = ({ token, keys }) => {
  const key = keys.find(({ bytes }) => Buffer.from(bytes).toString() === token)
  if (key) return `This is the messenger secret “${key.row.name}” itself, not a token made with it. If it was ever in a page, retire it.`
  if (/^[\da-f]{64}$/i.test(token))
    return 'This looks like a user_hash: pass it as user_hash, beside user_id; intercom_user_jwt takes a token.'
  if (isTokenShaped(Buffer.from(token, 'base64').toString())) return 'The whole token was base64-encoded once more: send it as it is.'
  return /^[\w+/-]{32,64}=?=?$/.test(token) && 'This has no dots: it looks like a secret, not like a token that was signed with one.'
}

const isNoText: Hint = ({ token }) => {
  const kind = /^\[object (\w+)\]$/.exec(token)?.[1]
  if (kind === 'Promise') return 'A promise was passed: await the request for the token first.'
  if (kind !== undefined) return 'An object was passed: pass the token alone, the text with the two dots.'
  if (/^-?[\d.]+$/.test(token)) return 'A number was passed, not a token.'
  return /^(?:undefined|null|NaN|true|false)$/.test(token) && `The text “${token}” was passed: the token had not arrived yet.`
}

/** Something else stands where the token should. */
const isNoToken: Hint = ({ token }) => {
  if (token.trim() === '') return 'Only white space was passed: the token had not arrived yet.'
  if (/^\s*<(?:!doctype|html|head|body)/i.test(token))
    return 'This is a page of HTML: the address that should answer the token answered a page, such as an error or your login page.'
  if (PLACEHOLDER.test(token.trim())) return 'This is a placeholder that nothing was put in place of: the template was not filled in.'
  if (/^https?:\/\//.test(token)) return 'This is an address: send only what is behind “jwt=” in it.'
  if (/^v[1-4]\.(?:local|public)\./.test(token)) return 'This is a PASETO token: sign a JWT, with HS256.'
  if (/^[^\s@]+@[^\s@]+$/.test(token)) return 'This is an e-mail address, not a token.'
  return /^\s*(?:async\b|function\b|\(.*\)\s*=>)/.test(token) && 'A function was passed: call it, and await what it returns.'
}

const isWrapped: Hint = ({ token }) => {
  const prefix = /^(bearer|jwt|token)\s+(?=ey)/i.exec(token)?.[1]
  if (prefix !== undefined) return `Leave out “${prefix} ”: the token alone is the value.`
  if (/^b(?:'.*'|".*")$/s.test(token)) return 'Python wrote it as bytes, b\'…\': decode it to text, token.decode("ascii").'
  if (/^["'`].*["'`]$/s.test(token)) return 'There are quotes around the token: send it without them.'
  if (/^["'`]|["'`]$/.test(token)) return 'There is a quote at one end of the token: send it without it.'
  if (/&(?:\w{2,8}|#x?[\da-f]{2,5});/i.test(token))
    return 'It is HTML-escaped: in a script, write it as JSON and do not escape it for HTML.'
  if (/^[[{](?!object )/.test(token)) return 'This is JSON with the token inside: send only the token, as in JSON.parse(text).intercomJwt.'
  if (/^[\w-]+=ey/.test(token)) return 'There is a name and “=” before the token: send only what is behind it.'
  if (/^[\w.%-]+$/.test(token) && /%[\da-f]{2}/i.test(token)) return 'It is percent-encoded: encode it once, and decode it as often.'
  if (!/\s/.test(token)) return undefined
  return /\S\s+\S/.test(token)
    ? 'There is white space or a line break inside the token: something wrapped it on the way.'
    : 'There is white space or a line break at an end of the token: trim it.'
}

const isCut: Hint = ({ peek: { segments, header } }) => {
  if (segments.length === 1) return 'This has no dots: it is no JWT. An opaque access token or a session id signs nobody in here.'
  if (segments.length === 2) return 'The third segment, the signature, is missing: was the token cut, or never signed?'
  if (segments.length === 4) return 'It has four segments; a token has three: something with a dot was added to it.'
  if (segments.length === 5 && (header?.has('enc') === true || header?.has('alg') === true))
    return 'Five segments are an encrypted token (JWE). Sign it instead: a JWS has three.'
  if (segments.length > 3) return 'It has more than three segments: this is no token, or two of them behind one another.'
  return segments.length === 3 && segments[2] === '' && 'The signature is empty: the token was never signed.'
}

const isOtherBase64: Hint = ({ token }) =>
  /^[\w+/=-]+\.[\w+/=-]+\.[\w+/=-]*$/.test(token) &&
  /[+/=]/.test(token) &&
  'It is written in base64, not in base64url: replace + by - and / by _, and leave out the = at the end of each segment.'

const isBroken: Hint = ({ peek: { segments, payload, payloadText }, token }) => {
  if (segments.length !== 3 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) || payload !== undefined) return undefined
  return `The second segment is no JSON object: ${whatInstead(payloadText)}`
}

function whatInstead(text: string): string {
  if (text.includes('\uFFFD')) return 'its text is not UTF-8. Encode the claims as UTF-8 before signing.'
  if (text.startsWith('\uFEFF')) return 'a byte order mark stands before it. Leave it out.'
  if (/^\s*\[/.test(text)) return 'it is a list. Sign the claims themselves.'
  if (/^\s*"/.test(text)) return 'it is text. Pass the claims to the library as an object, not as JSON.'
  if (/^\s*\{\s*'/.test(text)) return 'its names are in single quotes. Write it with a JSON library.'
  if (/^\s*\{/.test(text)) return 'it is cut, or no strict JSON (a comma too many, NaN). Write it with a JSON library.'
  return 'the token was cut, changed or encoded twice on the way.'
}

const extraHeader: Hint = ({ peek: { header } }) => {
  const extra = ['crit', 'b64'].filter((name) => header?.has(name))
  if (extra.length > 0) return `The header has ${extra.join(' and ')}: leave it out.`
  const typ = header?.get('typ')
  const isJwt = typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')
  return !isJwt && `Its typ is ${shown(typ)}: this is another kind of token.`
}

/** What is no compact JWS, and what it is instead, the surest first. */
export const FORM_HINTS: readonly Hint[] = [
  isNoText,
  isApiToken,
  isNoToken,
  isSecret,
  isWrapped,
  isCut,
  isShort,
  isOtherBase64,
  isBroken,
  extraHeader,
]
