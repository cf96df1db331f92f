import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { resolveWho } from '#domain/identity/identify-contact.ts'
import { refuseUsedToken } from '#domain/identity/used-tokens.ts'
import { verifyUserJwt, type VerifiedUser } from '#domain/identity/user-jwt.ts'
import { refusedAt } from '#http/middleware/decisions.ts'
import type { App } from '#http/app-types.ts'
import { openFragmentPage } from './fragment-page.ts'
import { safeReturnTo } from './return-to.ts'
import { hideToken, signInOrAsk } from './sign-in-or-ask.ts'
import { foreign, ours, type TokenAddress } from './token-addresses.ts'

/** Addresses end up in histories and logs with limits of their own. */
const MAX_TOKEN_IN_ADDRESS = 6 * 1024
const MAX_STATE = 200
const TOKEN_SHAPE = /^ey[\w-]+\.[\w-]+\.[\w-]*$/

const Fields = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
type Fields = z.output<typeof Fields>

/** Doors 2 and 9: the app's backend sends its user here with a token that works once. */
export async function loginJwtRoutes(app: App) {
  const fragmentPage = await openFragmentPage(app)
  tokenRoutes(app, ours, fragmentPage)
  for (const address of foreign) tokenRoutes(app, address)
}

type Page = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

function tokenRoutes(app: App, address: TokenAddress, withoutToken?: Page) {
  const { path } = address
  const open = { config: { page: true, takesToken: true }, onRequest: hideToken }
  app.get(path, { ...open, schema: { querystring: Fields } }, async (request, reply) => {
    const { query } = request
    if (withoutToken && query[address.token] === undefined && otherName(query) === undefined) return withoutToken(request, reply)
    const jwt = tokenOf(request, address, query)
    if (jwt.length > MAX_TOKEN_IN_ADDRESS)
      return refusedAt(request, address.door)(new Failure('user_jwt_too_large', { hint: tooLong(jwt) }))
    return openDoor(request, reply, address, { jwt, fields: query })
  })
  app.post(path, { ...open, schema: { querystring: Fields, body: Fields } }, async (request, reply) => {
    const jwt = tokenOf(request, address, request.body)
    return openDoor(request, reply, address, { jwt, fields: { ...request.query, ...request.body } })
  })
}

async function openDoor(
  request: FastifyRequest,
  reply: FastifyReply,
  address: TokenAddress,
  { jwt, fields }: { jwt: string; fields: Fields },
): Promise<FastifyReply> {
  const user = await verify(request, address, jwt).catch(refusedAt(request, address.door))
  const { origin } = request.headers
  return signInOrAsk(request, reply, {
    door: address.door,
    vouched: { who: await resolveWho(request.server.db, request.workspace, user.who), key: user.key.row, oneTimeUse: user },
    payload: user.payload,
    return_to: safeReturnTo(request, optionalText(fields, address.returnTo)),
    state: optionalText(fields, 'state')?.slice(0, MAX_STATE),
    // Not from our own origin: there the fragment page posts whatever token a link has brought to it.
    fromOwnPage: origin !== undefined && origin !== request.supportHost.origin && request.origins.has(origin),
  })
}

async function verify(request: FastifyRequest, { rules, dialect }: TokenAddress, jwt: string): Promise<VerifiedUser> {
  const { db, keyring, now } = request.server
  const asked = { platform: 'web' as const, oneTime: true, ...rules, ...(dialect && { dialect }), now: now() }
  const user = await verifyUserJwt(keyring, request.workspace, jwt, asked)
  await refuseUsedToken(db, request.workspace, user)
  await keyring.noteUse(user.key, now())
  return user
}

function tooLong(jwt: string): string {
  return `It has ${jwt.length} characters; an address holds a token of at most ${MAX_TOKEN_IN_ADDRESS}. Send it by form POST.`
}

function tokenOf(request: FastifyRequest, { door, token }: TokenAddress, fields: Fields): string {
  const text = optionalText(fields, token)
  if (text) return text
  const other = otherName(fields)
  const isTwice = Object.hasOwn(fields, token) && Array.isArray(fields[token])
  const none = isTwice ? `${token} came twice, so nobody can say which one counts.` : `${token} is required.`
  const detail = other === undefined ? none : `There is no ${token} here, but ${other}; write ${token}=…`
  return refusedAt(request, door)(new Failure('parameter_not_found', { field: token, detail, hint: detail }))
}

/** The name under which something of a token's shape came. */
function otherName(fields: Fields): string | undefined {
  return Object.keys(fields).find((name) => /^\w{1,40}$/.test(name) && TOKEN_SHAPE.test(optionalText(fields, name) ?? ''))
}

/** What is given twice is not given: nobody can say which one counts. */
function optionalText(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' ? value : undefined
}
