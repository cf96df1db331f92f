import type { WirePart } from '#shared/messenger.ts'
import { formatTime, words } from '#web/messenger/language.ts'
import { removeOutgoing, type Outgoing } from '#web/messenger/outbox.ts'
import { retry } from '#web/messenger/send.ts'
import { boot } from '#web/messenger/session.ts'
import { Avatar } from './avatar.tsx'
import { Html } from './html.tsx'

interface Placed {
  part: WirePart
  /** First of several in a row by one author. */
  isFirst: boolean
  isLast: boolean
  /** The conversation's own first part: an `open` there is no news. */
  isOpening: boolean
}

export function Bubble({ part, isFirst, isLast, isOpening }: Placed) {
  if (part.body === null) return isOpening ? null : <Happened type={part.part_type} />
  const { author, created_at } = part
  const name = author.name ?? boot.value?.settings.workspace_name ?? words.value.team
  return (
    <div class={`message ${author.is_me ? 'mine' : 'theirs'} ${isFirst ? 'first' : ''}`}>
      {isFirst && <Author name={name} isMe={author.is_me} />}
      <div class="bubble" dir="auto">
        <Html source={part.body} />
      </div>
      {isLast && (
        <p class="note">
          {author.is_me && <>{words.value.sent} · </>}
          <time dateTime={new Date(created_at).toISOString()}>{formatTime(created_at)}</time>
        </p>
      )}
    </div>
  )
}

const Happened = ({ type }: { type: WirePart['part_type'] }) => (
  <p class="event">{type === 'close' ? words.value.conversation_closed : words.value.conversation_reopened}</p>
)

const Author = ({ name, isMe }: { name: string; isMe: boolean }) =>
  isMe ? (
    <p class="unseen">{words.value.you}</p>
  ) : (
    <>
      <Avatar name={name} />
      <p class="author">
        <bdi>{name}</bdi>
      </p>
    </>
  )

export function OutgoingBubble({ message, isLast }: { message: Outgoing; isLast: boolean }) {
  const { body, client_id, reason, state } = message
  const { sending, waiting_for_network, not_sent, try_again, discard } = words.value
  return (
    <div class={`message mine first ${state}`}>
      <div class="bubble plain" dir="auto">
        {body}
      </div>
      {state === 'failed' ? (
        <p class="note failed-note" role="alert">
          {not_sent} {reason}{' '}
          <button type="button" class="link" onClick={() => retry(message)}>
            {try_again}
          </button>{' '}
          <button type="button" class="link" onClick={() => removeOutgoing(client_id)}>
            {discard}
          </button>
        </p>
      ) : (
        isLast && <p class="note">{state === 'waiting' ? waiting_for_network : sending}</p>
      )}
    </div>
  )
}
