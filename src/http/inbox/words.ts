import type { FastifyRequest } from 'fastify'
import { preferredLocale } from '#http/html/strings.ts'
import { en, type PageWords } from './words-en.ts'

const WORDS: Record<string, PageWords> = { en }
const LOCALES = Object.keys(WORDS)

export function pageLocale(request: FastifyRequest): string {
  return preferredLocale(request.headers['accept-language'], LOCALES)
}

export function pageWords(request: FastifyRequest): PageWords {
  return WORDS[pageLocale(request)] ?? en
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
}
