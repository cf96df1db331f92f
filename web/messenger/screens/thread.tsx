import { useEffect } from 'preact/hooks'
import { seeThread, syncThread, threadOf } from '#web/messenger/conversations.ts'
import { words } from '#web/messenger/language.ts'
import { outbox } from '#web/messenger/outbox.ts'
import { Composer } from '#web/messenger/parts/composer.tsx'
import { Header } from '#web/messenger/parts/header.tsx'
import { MessageLog } from '#web/messenger/parts/message-log.tsx'
import { Empty, Failed, Skeleton } from '#web/messenger/parts/states.tsx'
import { isNew } from '#web/messenger/routes.ts'
import { boot, isOnScreen, isOpen } from '#web/messenger/session.ts'

/** Read while the person has it in view, and only then. */
function useSeen(thread: string, synced: number) {
  const isInView = isOpen.value && isOnScreen.value && !isNew(thread)
  useEffect(() => {
    if (isInView && synced > 0) void seeThread(thread)
  }, [thread, synced, isInView])
}

function Talk({ thread }: { thread: string }) {
  const { parts, loading } = threadOf(thread).value
  const waiting = outbox.value.filter((message) => message.thread === thread)
  if (parts.length > 0 || waiting.length > 0) return <MessageLog parts={parts} waiting={waiting} />
  if (isNew(thread)) return <Empty icon="messages" title={words.value.ask_anything} hint={words.value.ask_anything_hint} />
  if (loading === 'failed' || loading === 'missing')
    return <Failed onRetry={() => void syncThread(thread)} isMissing={loading === 'missing'} />
  return <Skeleton lines={3} />
}

export function ThreadScreen({ thread }: { thread: string }) {
  const { parts, synced, loading } = threadOf(thread).value
  const other = parts.findLast(({ author }) => !author.is_me && author.name)?.author.name
  useSeen(thread, synced)
  useEffect(() => {
    if (!isNew(thread)) void syncThread(thread)
  }, [thread])
  const title = isNew(thread) ? words.value.new_conversation : (other ?? boot.value?.settings.workspace_name ?? words.value.conversation)
  return (
    <main class="screen thread">
      <Header title={title} />
      <Talk thread={thread} />
      {loading !== 'missing' && <Composer thread={thread} />}
    </main>
  )
}
