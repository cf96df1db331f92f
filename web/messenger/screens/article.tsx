import { useEffect, useState } from 'preact/hooks'
import type { ArticleAnswer } from '#shared/messenger.ts'
import { readArticle, RequestFailed } from '#web/messenger/api.ts'
import type { Loading } from '#web/messenger/conversations.ts'
import { locale, words } from '#web/messenger/language.ts'
import { Header } from '#web/messenger/parts/header.tsx'
import { Html } from '#web/messenger/parts/html.tsx'
import { Icon } from '#web/messenger/parts/icons.tsx'
import { Failed, Skeleton } from '#web/messenger/parts/states.tsx'
import { newThread, visit } from '#web/messenger/routes.ts'

type Article = ArticleAnswer['article']

function useArticle(id: string) {
  const [article, setArticle] = useState<Article>()
  const [loading, setLoading] = useState<Loading>('loading')
  const load = () => {
    setLoading('loading')
    readArticle(id).then(
      (answer) => {
        setArticle(answer.article)
        setLoading('ready')
      },
      (error: unknown) => setLoading(error instanceof RequestFailed && error.status === 404 ? 'missing' : 'failed'),
    )
  }
  useEffect(load, [id, locale.value])
  return { article, loading, load }
}

const webAddress = (url: string) => (/^https?:/i.test(url) || url.startsWith('/') ? url : undefined)

function Body({ article }: { article: Article }) {
  const { still_stuck, send_us_a_message } = words.value
  return (
    <article class="article" lang={article.locale}>
      <h2 class="article-heading" dir="auto">
        {article.title}
      </h2>
      {article.description && (
        <p class="article-lead" dir="auto">
          {article.description}
        </p>
      )}
      <Html source={article.html} lang={article.locale} />
      <footer class="article-end">
        <p>{still_stuck}</p>
        <button type="button" class="secondary" onClick={() => visit({ at: 'thread', thread: newThread() })}>
          {send_us_a_message}
        </button>
      </footer>
    </article>
  )
}

export function ArticleScreen({ id }: { id: string }) {
  const { article, loading, load } = useArticle(id)
  const { help, open_in_help_center } = words.value
  const address = article && webAddress(article.url)
  return (
    <main class="screen">
      <Header title={article?.title ?? help}>
        {address && (
          <a class="quiet" href={address} target="_blank" rel="noopener" aria-label={open_in_help_center}>
            <Icon name="outside" />
          </a>
        )}
      </Header>
      <div class="scroll" tabIndex={0}>
        {loading === 'loading' && <Skeleton lines={7} />}
        {(loading === 'failed' || loading === 'missing') && <Failed onRetry={load} isMissing={loading === 'missing'} />}
        {loading === 'ready' && article && <Body article={article} />}
      </div>
    </main>
  )
}
