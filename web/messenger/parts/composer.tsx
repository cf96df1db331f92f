import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { fill, words } from '#web/messenger/language.ts'
import { drafts, setDraft } from '#web/messenger/outbox.ts'
import { MAX_LENGTH, sendMessage } from '#web/messenger/send.ts'
import { isOpen } from '#web/messenger/session.ts'
import { Icon } from './icons.tsx'

/** Enter sends, except while an input method is composing (keyCode 229 covers Safari's late Enter). */
const isSendKey = (event: KeyboardEvent) => event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229

function grow(area: HTMLTextAreaElement) {
  area.style.blockSize = 'auto'
  area.style.blockSize = `${Math.min(area.scrollHeight, 160)}px`
}

/** As high as its text, and ready to be typed in when the Messenger opens. */
function useArea(text: string) {
  const area = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (area.current) grow(area.current)
  }, [text])
  useEffect(() => {
    if (isOpen.value) area.current?.focus({ preventScroll: true })
  }, [isOpen.value])
  return area
}

export function Composer({ thread }: { thread: string }) {
  const text = drafts.value[thread] ?? ''
  const area = useArea(text)
  const excess = text.trim().length - MAX_LENGTH
  const isSendable = text.trim() !== '' && excess <= 0
  const { write_a_message, send, too_long } = words.value
  const submit = (event: Event) => {
    event.preventDefault()
    if (!isSendable) return
    sendMessage(thread, text)
    area.current?.focus()
  }
  return (
    <form class="composer" onSubmit={submit}>
      <p class="composer-note" role="status">
        {excess > 0 ? fill(too_long, { count: excess }) : ''}
      </p>
      <div class="composer-field">
        <textarea
          ref={area}
          rows={1}
          dir={text ? 'auto' : undefined}
          value={text}
          placeholder={write_a_message}
          aria-label={write_a_message}
          aria-invalid={excess > 0}
          enterkeyhint="send"
          onInput={({ currentTarget }) => setDraft(thread, currentTarget.value)}
          onKeyDown={(event) => isSendKey(event) && submit(event)}
        />
        <button type="submit" class="send" aria-label={send} aria-disabled={!isSendable}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}
