import type { Invite } from '#domain/teammates/invites.ts'
import type { Teammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { fill } from '#http/html/strings.ts'
import { composeLetter, type Letter } from '#platform/mail/letter.ts'
import { wordsIn } from './words.ts'

export function inviteLink({ config }: App, code: string): string {
  return `${config.teamUrl}/invite?code=${code}`
}

export function resetLink({ config }: App, code: string): string {
  return `${config.teamUrl}/reset?code=${code}`
}

export function sendsMail({ mailer }: App): boolean {
  return mailer.isConfigured
}

/** Whether it went out; where it did not, the link is there to copy. */
export async function mailInvite(
  app: App,
  { workspace, invite, code, locale }: { workspace: Workspace; invite: Invite; code: string; locale: string },
): Promise<boolean> {
  const words = wordsIn(locale)
  return send(app, invite.email, {
    ...{ locale, from: workspace.name, color: workspace.action_color },
    heading: fill(words.invite_heading, { workspace: workspace.name }),
    paragraphs: [fill(words.invite_text, { workspace: workspace.name })],
    button: { label: words.join_button, href: inviteLink(app, code) },
    footer: words.invite_footer,
  })
}

export async function mailPasswordReset(
  app: App,
  { teammate, code, locale }: { teammate: Teammate; code: string; locale: string },
): Promise<boolean> {
  const words = wordsIn(locale)
  return send(app, teammate.email, {
    ...{ locale, from: 'Latchkey', heading: words.reset, paragraphs: [words.reset_text] },
    button: { label: words.reset, href: resetLink(app, code) },
    footer: words.reset_footer,
  })
}

/** Whoever did not ask for it learns of it. */
export async function mailSecondStepReset(
  app: App,
  { workspace, teammate, locale }: { workspace: Workspace; teammate: Teammate; locale: string },
): Promise<boolean> {
  const words = wordsIn(locale)
  return send(app, teammate.email, {
    ...{ locale, from: workspace.name, color: workspace.action_color },
    heading: words.step_reset_heading,
    paragraphs: [fill(words.step_reset_text, { workspace: workspace.name })],
    button: { label: words.sign_in, href: `${app.config.teamUrl}/sign-in` },
    footer: words.step_reset_footer,
  })
}

async function send(app: App, to: string, letter: Letter): Promise<boolean> {
  if (!sendsMail(app)) return false
  const sent = await app.mailer.send({ to, subject: letter.heading, ...composeLetter(letter) })
  if (!sent.ok) app.log.warn({ fault: sent.fault, detail: sent.detail }, 'a mail to a teammate was not sent')
  return sent.ok
}
