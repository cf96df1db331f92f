import { useEffect } from 'preact/hooks'
import { loadSuggested, suggested } from '#web/messenger/articles.ts'
import { newest } from '#web/messenger/conversations.ts'
import { fill, words } from '#web/messenger/language.ts'
import { ArticleList } from '#web/messenger/parts/article-list.tsx'
import { ConversationRow } from '#web/messenger/parts/conversation-row.tsx'
import { CloseButton } from '#web/messenger/parts/header.tsx'
import { Icon } from '#web/messenger/parts/icons.tsx'
import { goToSpace, newThread, visit } from '#web/messenger/routes.ts'
import { boot, spaces } from '#web/messenger/session.ts'

function Hero() {
  const { hello, hello_name, how_can_we_help } = words.value
  const firstName = boot.value?.contact.name?.trim().split(/\s+/)[0]
  return (
    <header class="hero">
      <div class="hero-top">
        <span class="workspace">{boot.value?.settings.workspace_name}</span>
        <CloseButton />
      </div>
      <h1 tabIndex={-1}>
        <span>{firstName ? fill(hello_name, { name: firstName }) : hello}</span> {how_can_we_help}
      </h1>
    </header>
  )
}

function HelpCard() {
  useEffect(() => void loadSuggested(), [])
  return (
    <section class="card">
      <button type="button" class="search-button" onClick={() => goToSpace('help')}>
        {words.value.search_for_help}
        <Icon name="search" />
      </button>
      {suggested.value.articles.length > 0 && <ArticleList articles={suggested.value.articles.slice(0, 4)} />}
    </section>
  )
}

export function HomeScreen() {
  const { recent_message, send_us_a_message, we_reply_here } = words.value
  return (
    <main class="screen home">
      <Hero />
      <div class="cards">
        {newest.value && (
          <section class="card">
            <h2 class="card-label">{recent_message}</h2>
            <ConversationRow conversation={newest.value} />
          </section>
        )}
        <button type="button" class="card call" onClick={() => visit({ at: 'thread', thread: newThread() })}>
          <span class="row-text">
            <span class="call-title">{send_us_a_message}</span>
            <span class="row-detail">{we_reply_here}</span>
          </span>
          <span class="call-icon">
            <Icon name="forward" />
          </span>
        </button>
        {spaces.value.includes('help') && <HelpCard />}
      </div>
    </main>
  )
}
