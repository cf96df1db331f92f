import { effect, signal } from '@preact/signals'
import type { WireArticleSummary } from '#shared/messenger.ts'
import { searchArticles, suggestArticles } from './api.ts'
import type { Loading } from './conversations.ts'

interface Listed {
  articles: WireArticleSummary[]
  loading: Loading
}

export const suggested = signal<Listed>({ articles: [], loading: 'loading' })
export const found = signal<Listed>({ articles: [], loading: 'ready' })
export const query = signal('')

export async function loadSuggested() {
  if (suggested.value.articles.length > 0) return
  try {
    suggested.value = { ...(await suggestArticles()), loading: 'ready' }
  } catch {
    suggested.value = { articles: [], loading: 'failed' }
  }
}

export async function search(words: string, signal: AbortSignal) {
  try {
    const answer = await searchArticles(words, signal)
    if (!signal.aborted) found.value = { ...answer, loading: 'ready' }
  } catch {
    if (!signal.aborted) found.value = { articles: [], loading: 'failed' }
  }
}

/** Searches 120 ms after the last key; an answer to older words is dropped. */
effect(() => {
  const words = query.value.trim()
  if (!words) return
  found.value = { ...found.peek(), loading: 'loading' }
  const stop = new AbortController()
  const timer = setTimeout(() => void search(words, stop.signal), 120)
  return () => {
    clearTimeout(timer)
    stop.abort()
  }
})
