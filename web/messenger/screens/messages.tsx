import { conversations, listLoading, loadConversations } from '#web/messenger/conversations.ts'
import { words } from '#web/messenger/language.ts'
import { ConversationRow } from '#web/messenger/parts/conversation-row.tsx'
import { Header } from '#web/messenger/parts/header.tsx'
import { Icon } from '#web/messenger/parts/icons.tsx'
import { Empty, Failed, Skeleton } from '#web/messenger/parts/states.tsx'
import { newThread, visit } from '#web/messenger/routes.ts'

function List() {
  const { no_messages, no_messages_hint } = words.value
  if (listLoading.value === 'loading') return <Skeleton />
  if (listLoading.value === 'failed') return <Failed onRetry={() => void loadConversations()} />
  if (conversations.value.length === 0) return <Empty icon="messages" title={no_messages} hint={no_messages_hint} />
  return (
    <ul class="rows">
      {conversations.value.map((conversation) => (
        <li key={conversation.id}>
          <ConversationRow conversation={conversation} />
        </li>
      ))}
    </ul>
  )
}

export const MessagesScreen = () => (
  <main class="screen">
    <Header title={words.value.messages} />
    <div class="scroll">
      <List />
    </div>
    <div class="floating">
      <button type="button" class="primary" onClick={() => visit({ at: 'thread', thread: newThread() })}>
        {words.value.send_us_a_message}
        <Icon name="messages" />
      </button>
    </div>
  </main>
)
