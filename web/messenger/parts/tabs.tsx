import { unreadCount } from '#web/messenger/conversations.ts'
import { fill, words } from '#web/messenger/language.ts'
import { goToSpace, route } from '#web/messenger/routes.ts'
import { spaces } from '#web/messenger/session.ts'
import { Icon } from './icons.tsx'

type Built = 'home' | 'messages' | 'help'

export function Tabs() {
  if (spaces.value.length < 2) return null
  return (
    <nav class="tabs">
      {(spaces.value as Built[]).map((space) => (
        <button type="button" key={space} aria-current={route.value.at === space ? 'page' : undefined} onClick={() => goToSpace(space)}>
          <span class="tab-icon">
            <Icon name={space} />
            {space === 'messages' && unreadCount.value > 0 && (
              <span class="badge" aria-label={fill(words.value.unread, { count: unreadCount.value })}>
                {unreadCount.value}
              </span>
            )}
          </span>
          {words.value[space]}
        </button>
      ))}
    </nav>
  )
}
