import type { FastifyRequest } from 'fastify'
import { errors, publicCode, type Failure } from '#errors'
import { preferredLocale } from '#http/html/strings.ts'
import { ar } from './words-ar.ts'
import { en, type PageWords } from './words-en.ts'
import { fr } from './words-fr.ts'
import { ja } from './words-ja.ts'

const WORDS: Record<string, PageWords> = { en, fr, ja, ar }

export function pageLocale(request: FastifyRequest): string {
  return preferredLocale(request.headers['accept-language'], Object.keys(WORDS))
}

export function pageWords(request: FastifyRequest): PageWords {
  return wordsIn(pageLocale(request))
}

export function wordsIn(locale: string): PageWords {
  return WORDS[locale] ?? en
}

/** What a form says when it is shown again. */
export function problemIn(words: PageWords, failure: Failure): string {
  const translated: Record<string, string> = words
  return translated[failure.code] ?? failure.detail ?? errors[publicCode(failure.code)].sentence
}
