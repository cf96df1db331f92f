import type { FastifyRequest } from 'fastify'
import type { ProviderId } from '#db/columns.ts'

/** A button of the sign-in page. */
export interface ProviderButton {
  id: ProviderId
  name: string
}

/** How somebody may sign in on this host, besides the Messenger and links that the app makes. */
export interface WaysIn {
  loginUrl: string | null
  providers: readonly ProviderButton[]
  emailLinks: boolean
}

export function waysInOf({ workspace, providers, server }: FastifyRequest): WaysIn {
  return { loginUrl: workspace.login_url, providers, emailLinks: workspace.email_links === 1 && server.mailer.isConfigured }
}

export function hasWayIn(request: FastifyRequest): boolean {
  return countWaysIn(waysInOf(request)) > 0
}

export function countWaysIn({ loginUrl, providers, emailLinks }: WaysIn): number {
  return Number(loginUrl !== null) + providers.length + Number(emailLinks)
}
