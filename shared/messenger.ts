/** What travels between the Messenger in the browser and `/messenger/*`. Times are Unix milliseconds, UTC. */

export type Space = 'home' | 'messages' | 'help' | 'tickets'

/** `POST /messenger/boot`, JSON. Any other key is a custom attribute of the contact. */
export interface BootRequest {
  app_id: string
  intercom_user_jwt?: string
  user_id?: string | number
  email?: string
  user_hash?: string
  platform?: 'web' | 'ios' | 'android'
  /** Milliseconds the session lives without being used; the server caps it. */
  session_duration?: number
  [attribute: string]: unknown
}

export interface BootAnswer {
  contact: WireContact
  /** Stable for this browser's session; what `getVisitorId` returns. */
  visitor_id: string
  settings: {
    app_id: string
    workspace_name: string
    action_color: string
    spaces: Space[]
    /** In test mode the console names the precise fault and its cure. */
    test_mode: boolean
  }
  unread_count: number
  /** Only then does the loader keep a live stream while the Messenger is closed. */
  has_open_conversation: boolean
  /** Only on a page of another site, where no first-party cookie can stay: what its later requests carry, for an hour. */
  headers?: { authorization: string }
}

export interface WireContact {
  id: string
  role: 'visitor' | 'lead' | 'user'
  user_id: string | null
  email: string | null
  name: string | null
  /** Said by the page, vouched for by nobody: enforcement is `report` or `off`. */
  claimed: boolean
}

export interface WireConversation {
  id: string
  state: 'open' | 'closed' | 'snoozed'
  title: string | null
  last_sequence: number
  contact_seen_sequence: number
  unread_count: number
  updated_at: number
  last_part: WirePart | null
}

export interface WirePart {
  id: string
  conversation_id: string
  sequence: number
  part_type: 'comment' | 'open' | 'close' | 'assignment'
  /** Sanitised HTML, or null for a part that says nothing. */
  body: string | null
  author: { type: 'visitor' | 'lead' | 'user' | 'admin' | 'bot'; id: string; name: string | null; is_me: boolean }
  client_id: string | null
  created_at: number
}

/** `GET /messenger/conversations` */
export interface ConversationsAnswer {
  conversations: WireConversation[]
  unread_count: number
}

/** `GET /messenger/conversations/:id?after=SEQUENCE`: parts after that sequence, in order. */
export interface ConversationAnswer {
  conversation: WireConversation
  parts: WirePart[]
}

/** `POST /messenger/conversations` and `POST /messenger/conversations/:id/parts`. The same client_id twice gives one part and the same answer. */
export interface NewPart {
  client_id: string
  /** Plain text, at most 10,000 characters. */
  body: string
}

export interface NewPartAnswer {
  conversation: WireConversation
  part: WirePart
}

/** `PUT /messenger/conversations/:id/seen` */
export interface Seen {
  sequence: number
}

export interface SeenAnswer {
  unread_count: number
}

/** `GET /messenger/articles?locale=` (suggested) and `GET /messenger/articles/search?q=&locale=` */
export interface ArticlesAnswer {
  articles: WireArticleSummary[]
}

export interface WireArticleSummary {
  id: string
  title: string
  description: string
  url: string
}

/** `GET /messenger/articles/:id?locale=` */
export interface ArticleAnswer {
  article: WireArticleSummary & { html: string; locale: string }
}

/** `POST /messenger/handoffs`: where a link that the Messenger opens leads, for a reader who has no cookie on this host. */
export interface HandoffAnswer {
  url: string
}

/** `POST /messenger/events` → 202 */
export interface TrackedEvent {
  event_name: string
  metadata?: Record<string, string | number | boolean | null>
}

/**
 * `GET /messenger/stream?after=ID` (or `Last-Event-ID`): server-sent events. `after` absent: from now on.
 * Event names: `ready` ({last_event_id, unread_count?}), `change` (StreamChange, with an SSE id), `resync` (the id is too old: load afresh),
 * `session_ended` (the session is gone; do not reconnect). A comment line every 25 s keeps proxies from closing.
 * Bodies never travel here; the frame fetches the parts it lacks.
 */
export interface StreamChange {
  topic: string
  conversation_id: string
  last_sequence: number
  unread_count: number
}

/** Errors everywhere: `{type: 'error.list', request_id, errors: [{code, message}]}`. */
export interface ErrorList {
  type: 'error.list'
  request_id: string
  errors: {
    code: string
    message: string
    field?: string
    /** In test mode only: the precise code, which the public one may hide, and what cures it. */
    reason?: string
    cure?: string
  }[]
}

/** Loader → frame, by postMessage with exact origins. */
export type ToFrame =
  | {
      latchkey: 'open'
      boot: BootAnswer
      theme: 'light' | 'dark' | 'system'
      locale: string | null
      colors: { action?: string; background?: string }
      go: Destination
    }
  | { latchkey: 'go'; go: Destination }
  | { latchkey: 'change'; change: StreamChange }
  | { latchkey: 'resync' }
  | { latchkey: 'closed' }

export type Destination =
  | { to: 'last' }
  | { to: 'space'; space: Space }
  | { to: 'composer'; text: string; send: boolean }
  | { to: 'article'; id: string }
  | { to: 'conversation'; id: string }

/** Frame → loader. */
export type FromFrame =
  | { latchkey: 'ready' }
  | { latchkey: 'close' }
  | { latchkey: 'unread'; count: number }
  | { latchkey: 'conversation_opened' }
  | { latchkey: 'session_ended' }
