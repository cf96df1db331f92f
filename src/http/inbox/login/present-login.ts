import { errors, type ErrorCode } from '#errors'
import type { EnforcementReport } from '#domain/identity/enforcement-report.ts'
import type { LoginDecision } from '#domain/identity/login-log.ts'
import type { SigningKeyRow } from '#domain/identity/signing-keys.ts'
import { proofOf, type UnprovedHost } from '#domain/workspaces/unproved-hosts.ts'
import type { Host, Workspace } from '#domain/workspaces/workspaces.ts'
import type { EnforcementAnswer, HostRow, KeyRow, LoginLogRow, LoginSettings } from '#shared/login-settings.ts'

export const PLATFORMS = ['web', 'ios', 'android'] as const

export function presentLoginSettings(
  workspace: Workspace,
  { hosts, unproved, origins }: { hosts: Host[]; unproved: UnprovedHost[]; origins: LoginSettings['origins'] },
): LoginSettings {
  const { app_id, login_url, logout_url } = workspace
  return {
    ...{ app_id, login_url, logout_url, origins },
    help_url: hosts[0]?.origin ?? null,
    enforcement: { web: workspace.enforcement_web, ios: workspace.enforcement_ios, android: workspace.enforcement_android },
    require_exp: workspace.require_exp === 1,
    test_mode: workspace.test_mode === 1,
    portal_on: workspace.portal_on === 1,
    hosts: [...hosts.map(presentHost), ...unproved.map(presentHost)],
  }
}

export function presentHost(row: Host | UnprovedHost): HostRow {
  const { host, origin, created_at } = row
  if ('proved_by' in row) return { host, origin, created_at, proved_by: row.proved_by, proof: null }
  const { dns_answer, file_answer, checked_at } = row
  return { host, origin, created_at, proved_by: null, proof: { ...proofOf(row), dns_answer, file_answer, checked_at } }
}

export function presentKey(row: SigningKeyRow): KeyRow {
  const { kid, name, created_at, last_used_at, retired_at } = row
  return { kid, name, platforms: PLATFORMS.filter((platform) => row[platform] === 1), created_at, last_used_at, retired_at }
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
