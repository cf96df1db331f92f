import type { Place } from './place.ts'

/** Address of the article of median length among those for everyone, in English. */
export async function typicalArticle({ db, workspace }: Place): Promise<string> {
  const articles = await db
    .selectFrom('articles')
    .innerJoin('article_translations as text', 'text.article_id', 'articles.id')
    .select(['articles.id', 'text.slug', 'text.html'])
    .where('articles.workspace_id', '=', workspace.id)
    .where('articles.audience_id', 'is', null)
    .where('text.locale', '=', 'en')
    .where('text.state', '=', 'published')
    .execute()
  const median = articles.toSorted((a, b) => a.html.length - b.html.length)[Math.floor(articles.length / 2)]
  if (!median) throw new Error('There is no article.')
  return `/en/articles/${median.id}-${encodeURIComponent(median.slug)}`
}
