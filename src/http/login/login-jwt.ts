import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '#errors'
import { refuseUsedToken } from '#domain/identity/used-tokens.ts'
import { verifyUserJwt, type VerifiedUser } from '#domain/identity/user-jwt.ts'
import { logRefusal } from '#http/middleware/decisions.ts'
import { isAllowed } from '#http/middleware/listed-origin.ts'
import type { App } from '#http/app-types.ts'
import { safeReturnTo } from './return-to.ts'
import { hideToken, signInOrAsk } from './sign-in-or-ask.ts'

const DOOR = 'login_jwt'
/** Addresses end up in histories and logs with limits of their own. */
const MAX_TOKEN_IN_ADDRESS = 6 * 1024
const LIFETIME_SECONDS = 300

const Login = z.object({ jwt: z.string().min(1), return_to: z.string().optional(), state: z.string().max(200).optional() })
type Login = z.output<typeof Login>

/** Door 2: the app's backend sends its user here with a token that works once. */
export async function loginJwtRoutes(app: App) {
  app.get('/login/jwt', { config: { page: true }, onRequest: hideToken, schema: { querystring: Login } }, async (request, reply) => {
    if (request.query.jwt.length > MAX_TOKEN_IN_ADDRESS) return refuse(request, new Failure('user_jwt_too_large'))
    return openDoor(request, reply, request.query)
  })
  app.post('/login/jwt', { config: { page: true }, onRequest: hideToken, schema: { body: Login } }, async (request, reply) =>
    openDoor(request, reply, request.body),
  )
}

async function openDoor(request: FastifyRequest, reply: FastifyReply, { jwt, return_to, state }: Login): Promise<FastifyReply> {
  const user = await verify(request, jwt).catch((refusal: unknown) => refuse(request, refusal))
  return signInOrAsk(request, reply, {
    door: DOOR,
    vouched: { who: { user_id: user.user_id }, key: user.key.row, oneTimeUse: user },
    payload: user.payload,
    return_to: safeReturnTo(request, return_to),
    state,
    fromOwnPage: request.headers.origin !== undefined && isAllowed(request, request.headers.origin),
  })
}

async function verify(request: FastifyRequest, jwt: string): Promise<VerifiedUser> {
  const { db, keyring, now } = request.server
  const user = await verifyUserJwt(keyring, request.workspace, jwt, {
    platform: 'web',
    oneTime: true,
    maxLifetime: LIFETIME_SECONDS,
    now: now(),
  })
  await refuseUsedToken(db, request.workspace, user)
  await keyring.noteUse(user.key, now())
  return user
}

function refuse(request: FastifyRequest, refusal: unknown): never {
  logRefusal(request, DOOR, refusal)
  throw refusal
}
