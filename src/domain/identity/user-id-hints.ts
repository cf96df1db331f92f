import { hintOfUserId, shown, type Hint } from './hint.ts'

/** Under which names other systems say who the user is, without case, `_` and `-`. */
const OTHER_NAMES = /^(?:sub|uid|uuid|guid|id|user|userid|useruuid|username|login|externalid|externaluserid|customerid|accountid|memberid)$/
const ABOUT_THE_TOKEN = ['exp', 'nbf', 'iat', 'iss', 'aud', 'jti']
const NAMES_SHOWN = 6

const isEmpty: Hint = ({ peek: { payload } }) =>
  payload?.has('user_id') === true &&
  `user_id is ${payload.get('user_id') === null ? 'null' : 'empty'}: the user was not known yet where the token was signed.`

const isNested: Hint = ({ peek: { payload } }) => {
  const nests = (value: unknown) =>
    value !== null && typeof value === 'object' && ['user_id', 'email'].some((name) => Object.hasOwn(value, name))
  const [name] = [...(payload ?? [])].find(([, value]) => nests(value)) ?? []
  return name !== undefined && `The claims are inside ${shown(name)}: sign them at the top of the payload, user_id beside exp.`
}

const otherName: Hint = ({ peek: { payload } }) => {
  const names = [...(payload?.keys() ?? [])].filter((name) => !ABOUT_THE_TOKEN.includes(name))
  const bare = (name: string) => (name.split(/[/:]/).at(-1) ?? '').toLowerCase().replaceAll(/[_-]/g, '')
  const named = names.filter((name) => OTHER_NAMES.test(bare(name)))
  if (named.length > 0) {
    const all = [...named, ...(payload?.has('email') === true ? ['email'] : [])].map((name) =>
      /^[\w-]{1,40}$/.test(name) ? name : shown(name),
    )
    return `It has ${all.join(', ')}, but no user_id: write your own stable id of the user as user_id.`
  }
  if (payload?.has('email') === true) return 'It has only an email. Addresses change hands: add user_id, your own stable id of the user.'
  return names.length === 0
    ? 'It says nothing of the user: the claims were not handed to the library that signs.'
    : `It has ${names.slice(0, NAMES_SHOWN).map(shown).join(', ')}, but no user_id: write your own stable id of the user as user_id.`
}

const numberTooBig: Hint = ({ peek: { payload, payloadText } }) => {
  const value = payload?.get('user_id')
  if (typeof value !== 'number') return undefined
  const written = /"user_id"\s*:\s*(-?[\d.eE+-]+)/.exec(payloadText)?.[1] ?? String(value)
  if (value < 0)
    return `user_id is the number ${written}: had your code no id to sign? If it is one, write it as text, "user_id": "${written}".`
  if (Number.isSafeInteger(value) || !Number.isInteger(value))
    return `user_id is the number ${written}: write it as text, "user_id": "${written}".`
  return `user_id ${written} is a number above 2^53−1, where two users can become one: sign it as text, "user_id": "${written}".`
}

const oddUserId: Hint = ({ peek: { payload } }) => {
  const value = payload?.get('user_id')
  if (typeof value === 'number') return undefined
  if (Array.isArray(value)) return 'user_id is a list: write one id as text.'
  if (value !== null && typeof value === 'object')
    return 'user_id is an object, such as a database driver makes of an id: write it as text, String(user.id).'
  if (typeof value !== 'string') return `user_id is a ${typeof value}: write it as text.`
  if (value.trim() === '') return 'user_id is blank.'
  const length = [...value].length
  return length > 255
    ? `user_id has ${length} characters; 255 are the most.`
    : 'user_id has a line break or another control character in it.'
}

export const NO_USER_ID_HINTS: readonly Hint[] = [isEmpty, isNested, otherName]
export const ODD_USER_ID_HINTS: readonly Hint[] = [numberTooBig, oddUserId]

/** An accepted user_id that may still be wrong. */
export const USER_ID_ADVICE: readonly Hint[] = [
  ({ peek: { payload } }) => hintOfUserId(payload?.get('user_id')),
  ({ peek: { payload } }) =>
    /^[^\s@]+@[^\s@]+$/.test(String(payload?.get('user_id'))) &&
    'user_id is an e-mail address: whoever changes theirs becomes another person here. Sign your own stable id.',
  ({ peek: { payload } }) =>
    typeof payload?.get('user_id') === 'number' && 'user_id is a number. Sign it as text, before it grows past 2^53−1.',
]
