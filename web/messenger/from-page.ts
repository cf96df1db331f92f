import type { BootAnswer, Destination, StreamChange, ToFrame } from '#shared/messenger.ts'
import { isCount, isFlag, isText, listOf, oneOf, orNothing, record, variant, type Shape } from '#shared/shape.ts'

type Fields<Wire> = { [Name in keyof Wire]-?: Shape }
type Rest<Message, Tag extends string> = Fields<Omit<Message, Tag>>

const boot = record({
  contact: record({
    id: isText,
    role: oneOf('visitor', 'lead', 'user'),
    user_id: orNothing(isText),
    email: orNothing(isText),
    name: orNothing(isText),
    claimed: isFlag,
  } satisfies Fields<BootAnswer['contact']>),
  visitor_id: isText,
  settings: record({
    app_id: isText,
    workspace_name: isText,
    action_color: isText,
    spaces: listOf(isText),
    test_mode: isFlag,
  } satisfies Fields<BootAnswer['settings']>),
  unread_count: isCount,
  has_open_conversation: isFlag,
  headers: orNothing(record({ authorization: isText })),
} satisfies Fields<BootAnswer>)

const go = variant('to', {
  last: record({}),
  space: record({ space: isText }),
  composer: record({ text: isText, send: isFlag }),
  article: record({ id: isText }),
  conversation: record({ id: isText }),
} satisfies Record<Destination['to'], Shape>)

const change = record({
  topic: isText,
  conversation_id: isText,
  last_sequence: isCount,
  unread_count: isCount,
} satisfies Fields<StreamChange>)

const message = variant('latchkey', {
  open: record({
    boot,
    theme: oneOf('light', 'dark', 'system'),
    locale: orNothing(isText),
    colors: record({ action: orNothing(isText), background: orNothing(isText) }),
    go,
  } satisfies Rest<Extract<ToFrame, { latchkey: 'open' }>, 'latchkey'>),
  go: record({ go }),
  change: record({ change }),
  resync: record({}),
  closed: record({}),
} satisfies Record<ToFrame['latchkey'], Shape>)

/** Whatever else runs in the page can post to this frame as the loader does: a message has a shape that the loader gives, or counts for nothing. */
export const isFromPage = (data: unknown): data is ToFrame => message(data)
