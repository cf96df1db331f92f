import type { Selectable } from 'kysely'
import type { OidcProvidersTable } from '#db/login-tables.ts'
import type { Instant, ProviderId } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** An OpenID provider whose people may sign in to the workspace. */
export type Provider = Selectable<OidcProvidersTable>
export type IdTokenAlgorithm = Provider['id_token_alg']
export const ID_TOKEN_ALGORITHMS: readonly IdTokenAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

export interface NewProvider {
  /** Stands on the button: "Sign in with NAME". */
  name: string
  issuer: string
  client_id: string
  /** Absent for a public client. */
  client_secret?: string | undefined
  scopes?: string | undefined
  /** The only algorithm its ID tokens may have; RS256 unless told otherwise. */
  id_token_alg?: IdTokenAlgorithm | undefined
  /** Only people with a verified address in one of these may sign in; empty: everybody whom the provider knows. */
  email_domains?: readonly string[] | undefined
}

const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*$/

/** Stores it as given; `checkProvider` says beforehand whether such a provider answers. */
export async function addProvider(
  db: Db,
  encryption: Encryption,
  workspace: Workspace,
  provider: NewProvider & { now: Instant },
): Promise<Provider> {
  const { name, client_id, client_secret, id_token_alg = 'RS256', now } = provider
  const issuer = readIssuer(provider.issuer)
  const row = {
    workspace_id: workspace.id,
    name: readText(name, 'name', 60),
    issuer,
    client_id: readText(client_id, 'client_id', 255),
    client_secret_encrypted: client_secret === undefined ? null : encryption.seal(client_secret, contextOf(workspace, issuer, client_id)),
    scopes: readScopes(provider.scopes ?? 'openid email profile'),
    id_token_alg,
    email_domains: (provider.email_domains ?? []).map(readDomain).join(' '),
    created_at: now,
  }
  const added = await db
    .insertInto('oidc_providers')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!added) throw new Failure('parameter_invalid', { field: 'client_id', detail: 'This client of this issuer is a provider already.' })
  return added
}

export async function listProviders(db: Db, workspace: Workspace): Promise<Provider[]> {
  return db.selectFrom('oidc_providers').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
}

export async function findProvider(db: Db, workspace: Workspace, id: number): Promise<Provider | undefined> {
  return db
    .selectFrom('oidc_providers')
    .selectAll()
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id as ProviderId)
    .executeTakeFirst()
}

/** Nobody signs in with it any more; who did stays signed in, and stays the same contact if it is added again. */
export async function removeProvider(db: Db, workspace: Workspace, id: number): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('oidc_providers')
    .where('workspace_id', '=', workspace.id)
    .where('id', '=', id as ProviderId)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw new Failure('not_found', { detail: `There is no provider ${id}.` })
}

export function clientSecretOf(encryption: Encryption, workspace: Workspace, provider: Provider): string | undefined {
  const { client_secret_encrypted: sealed, issuer, client_id } = provider
  return sealed === null ? undefined : encryption.open(sealed, contextOf(workspace, issuer, client_id))
}

/** Checked for its form only; whether it may be asked is the outgoing client's word. */
function readIssuer(text: string): string {
  const url = URL.parse(text)
  const isIssuer = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && !url.username && !url.password
  if (!isIssuer || text.length > 500) throw invalid('issuer', 'The issuer is an address such as https://id.example.com, without a query.')
  return text
}

function readText(text: string, field: string, most: number): string {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > most || /\p{Cc}/u.test(trimmed) || !trimmed.isWellFormed())
    throw invalid(field, `The ${field} is a text of at most ${most} characters.`)
  return trimmed
}

function readScopes(text: string): string {
  const scopes = new Set(text.split(/[\s,]+/).filter(Boolean))
  // RFC 6749 §3.3
  if (text.length > 500 || [...scopes].some((scope) => !/^[!#-[\]-~]+$/.test(scope)))
    throw invalid('scopes', 'Scopes are words, separated by spaces.')
  return [...new Set(['openid', ...scopes])].join(' ')
}

function readDomain(text: string): string {
  const domain = text.trim().toLowerCase().replace(/^@/, '')
  if (!DOMAIN.test(domain) || domain.length > 253) throw invalid('email_domains', `${domain} is not a domain such as example.com.`)
  return domain
}

function contextOf(workspace: Workspace, issuer: string, clientId: string): string {
  return `oidc-provider/${workspace.id}/${issuer}/${clientId}`
}

function invalid(field: string, detail: string): Failure {
  return new Failure('parameter_invalid', { field, detail })
}
