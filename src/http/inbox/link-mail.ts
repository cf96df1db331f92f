import type { Invite } from '#domain/teammates/invites.ts'
import type { Teammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'

export function inviteLink({ config }: App, code: string): string {
  return `${config.teamUrl}/invite?code=${code}`
}

export function resetLink({ config }: App, code: string): string {
  return `${config.teamUrl}/reset?code=${code}`
}

export function sendsMail(_app: App): boolean {
  return false
}

export async function mailPasswordReset(_app: App, _teammate: Teammate, _code: string): Promise<boolean> {
  return false
}

export async function mailInvite(_app: App, _invite: { workspace: Workspace; invite: Invite; code: string }): Promise<boolean> {
  return false
}
