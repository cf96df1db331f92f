import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'

type Claims = Record<string, unknown>

interface Grant {
  redirect_uri: string
  challenge: string
  nonce: string | null
  person: Claims
}

/** How this provider misbehaves; nothing set: it does not. */
export interface Bent {
  /** Changes what stands in the ID token. */
  claims?: (claims: Claims) => Claims
  /** Signs with a key that the JWKS does not have. */
  foreignKey?: boolean
  alg?: 'RS256' | 'ES256'
  /** Sends the browser back with this error instead of a code. */
  error?: string
  /** Answers the token request with this status. */
  tokenStatus?: number
  /** Sent back in place of the state that came. */
  state?: string
  iss?: string
}

/** A small OpenID provider on loopback that speaks real HTTP: discovery, authorize, token, JWKS. */
export interface OpenIdProvider {
  issuer: string
  port: number
  client: { client_id: string; client_secret: string }
  /** Who is signed in at the provider. */
  person: Claims
  bent: Bent
  /** Requests of ours, by path. */
  asked: string[]
  /** Shows a page with a button before it sends the browser back, as real ones do. */
  asksForConsent: boolean
  now: () => number
  close(): Promise<void>
}

export async function openProvider({ port = 0 } = {}): Promise<OpenIdProvider> {
  const keys = { RS256: await generateKeyPair('RS256'), ES256: await generateKeyPair('ES256'), foreign: await generateKeyPair('RS256') }
  const grants = new Map<string, Grant>()
  const server = createServer((request, response) => void answer(request, response).catch(() => response.writeHead(500).end()))
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: OpenIdProvider = {
    issuer,
    port: (server.address() as AddressInfo).port,
    client: { client_id: 'help-center', client_secret: 'only/the+server knows:this' },
    person: { sub: 'u-1', email: 'ada@engines.test', email_verified: true, name: 'Ada L.' },
    bent: {},
    asked: [],
    asksForConsent: false,
    now: Date.now,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    provider.asked.push(url.pathname)
    if (url.pathname === '/.well-known/openid-configuration') return json(response, discoveryDocument())
    if (url.pathname === '/jwks') return json(response, { keys: await Promise.all([keys.RS256, keys.ES256].map(publicJwk)) })
    if (url.pathname === '/authorize') return authorize(url, response)
    if (url.pathname === '/token') return token(request, response)
    response.writeHead(404).end()
  }

  function discoveryDocument() {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    }
  }

  function authorize({ searchParams: asked }: URL, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? '')
    if (asked.get('client_id') !== provider.client.client_id || asked.get('code_challenge_method') !== 'S256')
      return void response.writeHead(400).end('no')
    const code = randomUUID()
    if (provider.bent.error === undefined) {
      grants.set(code, {
        redirect_uri: back.href,
        challenge: asked.get('code_challenge') ?? '',
        nonce: asked.get('nonce'),
        person: { ...provider.person },
      })
      back.searchParams.set('code', code)
    } else {
      back.searchParams.set('error', provider.bent.error)
      back.searchParams.set('error_description', 'Words of the provider')
    }
    back.searchParams.set('state', provider.bent.state ?? asked.get('state') ?? '')
    back.searchParams.set('iss', provider.bent.iss ?? issuer)
    if (!provider.asksForConsent) return void response.writeHead(302, { location: back.href }).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(
      `<!doctype html><html lang="en"><title>Engines ID</title><h1>Engines ID</h1><a href="${back.href.replaceAll('&', '&amp;')}">Go on as ${String(provider.person['name'])}</a>`,
    )
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request))
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const { client_id, client_secret } = provider.client
    if (provider.bent.tokenStatus !== undefined) return json(response, { error: 'server_error' }, provider.bent.tokenStatus)
    if (credentialsOf(request) !== `${client_id}:${client_secret}`) return json(response, { error: 'invalid_client' }, 401)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== challenge || grant.redirect_uri !== form.get('redirect_uri'))
      return json(response, { error: 'invalid_grant' }, 400)
    json(response, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: await idToken(grant) })
  }

  async function idToken({ nonce, person }: Grant): Promise<string> {
    const { bent } = provider
    const now = Math.floor(provider.now() / 1000)
    const claims = { iss: issuer, aud: provider.client.client_id, iat: now, exp: now + 300, ...(nonce !== null && { nonce }), ...person }
    const alg = bent.alg ?? 'RS256'
    const { privateKey } = bent.foreignKey ? keys.foreign : keys[alg]
    const payload = (bent.claims?.(claims) ?? claims) as JWTPayload
    return new SignJWT(payload).setProtectedHeader({ alg, kid: alg, typ: 'JWT' }).sign(privateKey)
  }

  async function publicJwk({ publicKey }: { publicKey: CryptoKey }) {
    const jwk = await exportJWK(publicKey)
    const alg = jwk.kty === 'RSA' ? 'RS256' : 'ES256'
    return { ...jwk, alg, kid: alg, use: 'sig' }
  }
  return provider
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

/** RFC 6749 §2.3.1: form-encoded each, then as HTTP Basic. */
function credentialsOf({ headers }: IncomingMessage): string {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
  const parts = Buffer.from(basic, 'base64').toString().split(':')
  return parts.map((part) => decodeURIComponent(part.replaceAll('+', ' '))).join(':')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
