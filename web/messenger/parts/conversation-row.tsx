import type { WireConversation } from '#shared/messenger.ts'
import { toText } from '#web/messenger/html.ts'
import { fill, formatAgo, words } from '#web/messenger/language.ts'
import { visit } from '#web/messenger/routes.ts'
import { boot } from '#web/messenger/session.ts'
import { Avatar } from './avatar.tsx'

export function ConversationRow({ conversation }: { conversation: WireConversation }) {
  const { id, last_part: part, title, unread_count, updated_at } = conversation
  const { you, conversation: nameless } = words.value
  const workspace = boot.value?.settings.workspace_name ?? ''
  const preview = (part?.body && toText(part.body)) || title || nameless
  const author = part && !part.author.is_me ? (part.author.name ?? workspace) : you
  return (
    <button type="button" class={unread_count ? 'row unread' : 'row'} onClick={() => visit({ at: 'thread', thread: id })}>
      <Avatar name={part && !part.author.is_me ? part.author.name : workspace} />
      <span class="row-text">
        <span class="row-title" dir="auto">
          {preview}
        </span>
        <span class="row-detail">
          <bdi>{author}</bdi> · {formatAgo(updated_at)}
        </span>
      </span>
      {unread_count > 0 && (
        <span class="badge" aria-label={fill(words.value.unread, { count: unread_count })}>
          {unread_count}
        </span>
      )}
    </button>
  )
}
