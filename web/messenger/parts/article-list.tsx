import type { WireArticleSummary } from '#shared/messenger.ts'
import { visit } from '#web/messenger/routes.ts'
import { Icon } from './icons.tsx'

export const ArticleList = ({ articles }: { articles: WireArticleSummary[] }) => (
  <ul class="articles">
    {articles.map(({ id, title, description }) => (
      <li key={id}>
        <button type="button" onClick={() => visit({ at: 'article', id })}>
          <span class="row-text">
            <span class="article-title" dir="auto">
              {title}
            </span>
            {description && (
              <span class="row-detail" dir="auto">
                {description}
              </span>
            )}
          </span>
          <Icon name="forward" />
        </button>
      </li>
    ))}
  </ul>
)
