import type { FastifyRequest } from 'fastify'
import type { TicketState } from '#domain/tickets/ticket-states.ts'
import type { TicketFlaw } from '#domain/tickets/ticket-values.ts'
import { fill, INTERFACE_LOCALES, preferredLocale } from '#http/html/strings.ts'
import { ar } from './words-ar.ts'
import { en } from './words-en.ts'
import { fr } from './words-fr.ts'
import { ja } from './words-ja.ts'

export type Words = Readonly<Record<keyof typeof en, string>>

/** The reader's language and its words. */
export interface Tongue {
  locale: string
  words: Words
}

const dictionaries: Record<string, Words> = { en, fr, ja, ar }

/** What a person chose for themselves counts before what their browser prefers. */
export function tongueOf(request: FastifyRequest): Tongue {
  const chosen = request.session?.contact?.language_override
  const wanted = [chosen, request.headers['accept-language']].filter(Boolean).join(',')
  const locale = preferredLocale(wanted, INTERFACE_LOCALES)
  return { locale, words: dictionaries[locale.split('-', 1)[0] ?? ''] ?? en }
}

export function say({ words }: Tongue, word: keyof Words, values: Record<string, string> = {}): string {
  return fill(words[word], values)
}

export function sayFlaw({ words }: Tongue, flaw: TicketFlaw): string {
  return words[`flaw_${flaw}`]
}

/** A label of the workspace's own is shown as it is; one that every workspace starts with is translated. */
export function sayState({ words }: Tongue, state: Pick<TicketState, 'category' | 'external_label'>): string {
  const word = `state_${state.category}` as const
  return state.external_label === en[word] ? words[word] : state.external_label
}

export function sayMoment({ locale }: Tongue, at: number): string {
  return `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`
}

export function sayDay({ locale }: Tongue, at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}
