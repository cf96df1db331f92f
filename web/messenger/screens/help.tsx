import { useEffect } from 'preact/hooks'
import { found, loadSuggested, query, search, suggested } from '#web/messenger/articles.ts'
import { fill, words } from '#web/messenger/language.ts'
import { ArticleList } from '#web/messenger/parts/article-list.tsx'
import { Header } from '#web/messenger/parts/header.tsx'
import { Icon } from '#web/messenger/parts/icons.tsx'
import { Empty, Failed, Skeleton } from '#web/messenger/parts/states.tsx'
import { newThread, visit } from '#web/messenger/routes.ts'

const WriteToUs = () => (
  <button type="button" class="secondary" onClick={() => visit({ at: 'thread', thread: newThread() })}>
    {words.value.send_us_a_message}
  </button>
)

function Suggested() {
  const { articles, loading } = suggested.value
  const { suggested: label, no_articles, no_articles_hint } = words.value
  if (loading === 'loading') return <Skeleton />
  if (loading === 'failed') return <Failed onRetry={() => void loadSuggested()} />
  if (articles.length > 0)
    return (
      <>
        <h2 class="card-label">{label}</h2>
        <ArticleList articles={articles} />
      </>
    )
  return (
    <Empty icon="help" title={no_articles} hint={no_articles_hint}>
      <WriteToUs />
    </Empty>
  )
}

function Found() {
  const { articles, loading } = found.value
  const { no_results, no_results_hint } = words.value
  if (loading === 'failed') return <Failed onRetry={() => void search(query.value.trim(), AbortSignal.timeout(10_000))} />
  if (articles.length > 0) return <ArticleList articles={articles} />
  if (loading === 'loading') return <Skeleton />
  return (
    <Empty icon="search" title={fill(no_results, { query: query.value.trim() })} hint={no_results_hint}>
      <WriteToUs />
    </Empty>
  )
}

export function HelpScreen() {
  const isSearching = query.value.trim() !== ''
  const { help, search_for_help, results } = words.value
  useEffect(() => void loadSuggested(), [])
  return (
    <main class="screen">
      <Header title={help} />
      <div class="search" role="search">
        <Icon name="search" />
        <input
          type="search"
          value={query.value}
          placeholder={search_for_help}
          aria-label={search_for_help}
          autocomplete="off"
          enterkeyhint="search"
          dir={query.value ? 'auto' : undefined}
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !query.value) return
            event.preventDefault()
            query.value = ''
          }}
        />
      </div>
      <p class="unseen" role="status">
        {isSearching && found.value.loading === 'ready' ? fill(results, { count: found.value.articles.length }) : ''}
      </p>
      <div class="scroll">{isSearching ? <Found /> : <Suggested />}</div>
    </main>
  )
}
