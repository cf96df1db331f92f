import type {
  ArticleAnswer,
  ArticlesAnswer,
  ConversationAnswer,
  ConversationsAnswer,
  ErrorList,
  HandoffAnswer,
  NewPart,
  NewPartAnswer,
  SeenAnswer,
} from '#shared/messenger.ts'
import { locale } from './language.ts'
import { tellPage } from './page.ts'
import { boot } from './session.ts'

/** An answer that is not one: `status` 0 means the server was not reached. */
export class RequestFailed extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
  get isWorthRetrying() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

async function request<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch('/messenger/' + path, {
    method,
    signal: signal ?? AbortSignal.timeout(20_000),
    headers: { ...boot.value?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new RequestFailed(0, String(error))
  })
  if (response.ok) return (await response.json()) as Answer
  if (response.status === 401) tellPage({ latchkey: 'session_ended' })
  const list = (await response.json().catch(() => undefined)) as ErrorList | undefined
  throw new RequestFailed(response.status, list?.errors?.[0]?.message ?? response.statusText)
}

const segment = (id: string | number) => encodeURIComponent(id)
const inLocale = () => 'locale=' + segment(locale.value)

export const listConversations = () => request<ConversationsAnswer>('GET', 'conversations')

export const readConversation = (id: string, after: number) =>
  request<ConversationAnswer>('GET', `conversations/${segment(id)}?after=${after}`)

export const startConversation = (part: NewPart) => request<NewPartAnswer>('POST', 'conversations', part)

export const addPart = (id: string, part: NewPart) => request<NewPartAnswer>('POST', `conversations/${segment(id)}/parts`, part)

export const markSeen = (id: string, sequence: number) => request<SeenAnswer>('PUT', `conversations/${segment(id)}/seen`, { sequence })

export const suggestArticles = () => request<ArticlesAnswer>('GET', 'articles?' + inLocale())

export const searchArticles = (query: string, signal: AbortSignal) =>
  request<ArticlesAnswer>('GET', `articles/search?q=${segment(query)}&${inLocale()}`, undefined, signal)

export const readArticle = (id: string) => request<ArticleAnswer>('GET', `articles/${segment(id)}?${inLocale()}`)

export const handOver = (to: string) => request<HandoffAnswer>('POST', 'handoffs', { to }, AbortSignal.timeout(4000))
