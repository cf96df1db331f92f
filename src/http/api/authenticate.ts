import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Instant } from '#db/columns.ts'
import { findApiCaller, recordTokenUses, type ApiCaller, type Scope } from '#domain/teammates/api-tokens.ts'
import { Failure } from '#errors'
import type { App } from '#http/app-types.ts'
import { openBatch } from '#platform/batch/batch.ts'
import { TokenRateLimit } from './rate-limit.ts'
import { readVersion, type ApiVersion } from './version.ts'

const WRITE_USES_AFTER = 5000

declare module 'fastify' {
  interface FastifyRequest {
    apiCaller: ApiCaller
    apiVersion: ApiVersion
  }
}

/** On every route of this scope: a live token in the Authorization header and nowhere else, its rate, the version asked for. */
export function authenticateEveryRequest(api: App) {
  const limit = new TokenRateLimit()
  const uses = openBatch<[number, Instant]>((items) => recordTokenUses(api.db, new Map(items)), {
    delay: WRITE_USES_AFTER,
    limit: 10_000,
    onError: (error) => api.log.error({ err: error }, 'last uses of API tokens were not written'),
  })
  api.decorateRequest('apiVersion', 0)
  api.addHook('onClose', () => uses.flush())
  api.addHook('onRequest', async (request, reply) => {
    const caller = await callerOf(request, api)
    request.apiCaller = caller
    request.workspace = caller.workspace
    limit.take(caller.token_id, reply, api.now())
    request.apiVersion = readVersion(request.headers['intercom-version'])
    uses.add([caller.token_id, api.now()])
  })
}

/** The authority a route asks for, as a word on its line; asked before the body is read. */
export function may(scope: Scope): { onRequest: onRequestAsyncHookHandler } {
  return {
    async onRequest(request: FastifyRequest, _reply: FastifyReply) {
      if (!request.apiCaller.scopes.has(scope)) throw new Failure('forbidden', { detail: `This API token has no scope ${scope}.` })
    },
  }
}

async function callerOf(request: FastifyRequest, api: App): Promise<ApiCaller> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const caller = token === undefined ? undefined : await findApiCaller(api.db, token, api.now())
  if (!caller) throw new Failure('unauthorized')
  return caller
}
