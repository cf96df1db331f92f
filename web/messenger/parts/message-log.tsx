import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { WirePart } from '#shared/messenger.ts'
import { dayOf, formatDay, words } from '#web/messenger/language.ts'
import type { Outgoing } from '#web/messenger/outbox.ts'
import { Bubble, OutgoingBubble } from './bubble.tsx'
import { Icon } from './icons.tsx'

const GROUP = 5 * 60_000
const NEAR = 120

const belongsTo = (part: WirePart, before: WirePart | undefined) =>
  before !== undefined &&
  before.body !== null &&
  part.body !== null &&
  before.author.id === part.author.id &&
  before.author.is_me === part.author.is_me &&
  part.created_at - before.created_at < GROUP &&
  dayOf(part.created_at) === dayOf(before.created_at)

/** Stays at the end while the reader is there; what comes meanwhile is announced by a button, never by a jump. */
function useTail(lastKey: string, isMine: boolean) {
  const log = useRef<HTMLDivElement>(null)
  const seen = useRef('')
  const isAtEnd = useRef(true)
  const [hasMore, setHasMore] = useState(false)
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight })
  const onScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = log.current ?? {}
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR
    if (isAtEnd.current) setHasMore(false)
  }
  useLayoutEffect(() => {
    if (seen.current === lastKey) return
    if (isAtEnd.current || isMine || seen.current === '') toEnd()
    else setHasMore(true)
    seen.current = lastKey
  }, [lastKey])
  useLayoutEffect(() => {
    const element = log.current
    if (!element) return
    const observer = new ResizeObserver(() => isAtEnd.current && toEnd())
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { log, hasMore, toEnd, onScroll }
}

const Day = ({ at }: { at: number }) => (
  <div class="day">
    <span>{formatDay(at)}</span>
  </div>
)

function isNewDay(at: number, before: number | undefined) {
  return before === undefined || dayOf(at) !== dayOf(before)
}

export function MessageLog({ parts, waiting }: { parts: WirePart[]; waiting: Outgoing[] }) {
  const here = new Set(parts.map(({ client_id }) => client_id))
  const shown = parts.filter(({ part_type, body }) => body !== null || part_type === 'close' || part_type === 'open')
  const pending = waiting.filter(({ client_id }) => !here.has(client_id))
  const last = shown.at(-1)
  const { log, hasMore, toEnd, onScroll } = useTail(pending.at(-1)?.client_id ?? last?.client_id ?? last?.id ?? '', pending.length > 0)
  return (
    <div class="log-frame">
      <div class="log" role="log" aria-live="polite" aria-label={words.value.conversation} tabIndex={0} ref={log} onScroll={onScroll}>
        {shown.flatMap((part, at) => [
          isNewDay(part.created_at, shown[at - 1]?.created_at) && <Day key={`day-${part.id}`} at={part.created_at} />,
          <Bubble
            key={part.client_id ?? part.id}
            part={part}
            isFirst={!belongsTo(part, shown[at - 1])}
            isLast={at === shown.length - 1 && pending.length === 0}
            isOpening={at === 0}
          />,
        ])}
        {pending.map((message, at) => [
          at === 0 && isNewDay(message.created_at, last?.created_at) && <Day key={`day-${message.client_id}`} at={message.created_at} />,
          <OutgoingBubble key={message.client_id} message={message} isLast={at === pending.length - 1} />,
        ])}
      </div>
      {hasMore && (
        <button type="button" class="new-messages" onClick={toEnd}>
          <Icon name="down" />
          {words.value.new_messages}
        </button>
      )}
    </div>
  )
}
