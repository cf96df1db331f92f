import { errors, type ErrorCode } from '#errors'
import type { EnforcementReport } from '#domain/identity/enforcement-report.ts'
import type { LoginDecision } from '#domain/identity/login-log.ts'
import type { SigningKeyRow } from '#domain/identity/signing-keys.ts'
import type { Provider } from '#domain/openid/providers.ts'
import { proofOf, type UnprovedHost } from '#domain/workspaces/unproved-hosts.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { EnforcementAnswer, HostRow, KeyRow, LoginLogRow, LoginSettings, ProviderRow } from '#shared/login-settings.ts'

export const PLATFORMS = ['web', 'ios', 'android'] as const

export function presentLoginSettings(
  workspace: Workspace,
  { hosts, unproved, ...rest }: { hosts: Host[]; unproved: UnprovedHost[] } & Pick<LoginSettings, 'origins' | 'can_mail'>,
): LoginSettings {
  const { app_id, login_url, logout_url, return_to_parameter } = workspace
  return {
    ...{ app_id, login_url, logout_url, return_to_parameter, ...rest },
    help_url: (hosts.find(({ is_primary }) => is_primary === 1) ?? hosts[0])?.origin ?? null,
    email_links: workspace.email_links === 1,
    cookie_door: workspace.cookie_door === 1,
    enforcement: { web: workspace.enforcement_web, ios: workspace.enforcement_ios, android: workspace.enforcement_android },
    require_exp: workspace.require_exp === 1,
    test_mode: workspace.test_mode === 1,
    portal_on: workspace.portal_on === 1,
    hosts: [...hosts.map(presentHost), ...unproved.map(presentHost)],
  }
}

export function presentHost(row: Host | UnprovedHost): HostRow {
  const { host, origin, created_at } = row
  if ('proved_by' in row) return { host, origin, created_at, is_primary: row.is_primary === 1, proved_by: row.proved_by, proof: null }
  const { dns_answer, file_answer, checked_at } = row
  return { host, origin, created_at, is_primary: false, proved_by: null, proof: { ...proofOf(row), dns_answer, file_answer, checked_at } }
}

export function presentKey(row: SigningKeyRow): KeyRow {
  const { kid, name, kind, algorithm, issuer, audience, created_at, last_used_at, retired_at } = row
  const platforms = PLATFORMS.filter((platform) => row[platform] === 1)
  // Only a JWKS keeps something public as its material.
  const { material: url, fetched_at, fetch_fault: fault } = row
  const jwks = kind === 'jwks' ? { url, asserts_user_id: row.asserts_user_id === 1, fetched_at, fault } : null
  return { kid, name, kind, algorithm, issuer, audience, jwks, platforms, created_at, last_used_at, retired_at }
}

export function presentDecision({ id, at, door, origin, platform, kid, user_id, outcome, code, hint }: LoginDecision): LoginLogRow {
  return { id, at, door, origin, platform, kid, user_id, outcome, code, hint, ...explainCode(code) }
}

export function presentReport(report: EnforcementReport): EnforcementAnswer {
  return {
    ...report,
    reasons: report.reasons.map((reason) => {
      const { sentence, cure } = explainCode(reason.of)
      return { ...reason, sentence: sentence ?? '', cure: cure ?? '' }
    }),
  }
}

/** A code in the log may be older than the catalogue. */
function explainCode(code: string | null): Pick<LoginLogRow, 'sentence' | 'cure'> {
  if (code === null || !Object.hasOwn(errors, code)) return { sentence: null, cure: null }
  const { sentence, cure } = errors[code as ErrorCode]
  return { sentence, cure }
}

export function presentProvider({ id, name, issuer, client_id, scopes, id_token_alg, created_at, ...row }: Provider): ProviderRow {
  const email_domains = row.email_domains.split(' ').filter(Boolean)
  return { id, name, issuer, client_id, scopes, id_token_alg, created_at, email_domains, has_secret: row.client_secret_encrypted !== null }
}
