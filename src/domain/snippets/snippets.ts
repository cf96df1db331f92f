import { aspnetSnippet } from './aspnet.ts'
import { djangoSnippet } from './django.ts'
import { goSnippet } from './go.ts'
import { laravelSnippet } from './laravel.ts'
import { nextSnippet } from './next.ts'
import { nodeSnippet } from './node.ts'
import { phoenixSnippet } from './phoenix.ts'
import { plainSnippet } from './plain.ts'
import { railsSnippet } from './rails.ts'
import type { Snippet, SnippetWords } from './snippet.ts'
import { springSnippet } from './spring.ts'

const writers = {
  node: nodeSnippet,
  next: nextSnippet,
  rails: railsSnippet,
  django: djangoSnippet,
  laravel: laravelSnippet,
  go: goSnippet,
  spring: springSnippet,
  aspnet: aspnetSnippet,
  phoenix: phoenixSnippet,
  plain: plainSnippet,
} as const satisfies Record<string, (words: SnippetWords) => Snippet>

export type Stack = keyof typeof writers
export const STACKS = Object.keys(writers) as readonly Stack[]

/** The files that sign a user's token, answer it to the page and boot the Messenger, ready to paste. The secret is read from MESSENGER_SECRET. */
export function writeSnippet(stack: Stack, words: SnippetWords): Snippet {
  for (const word of [words.app_id, words.help_url, words.kid])
    if (!/^[\w:/.[\]-]+$/.test(word)) throw new Error('A snippet takes an app_id, an origin and a kid, which need no quoting.')
  return writers[stack](words)
}
