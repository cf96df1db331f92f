import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAudience } from '#domain/audiences/audiences.ts'
import { VISITOR } from '#domain/audiences/readers.ts'
import { createWorkspace } from '#domain/workspaces/workspaces.ts'
import { openHouse, START } from '#test/house.ts'
import { readArticleBody } from './article-body.ts'
import { createHelpCenter } from './help-centers.ts'
import { importArticles } from './import-articles.ts'
import { openLibrary } from './library.ts'
import { shelfFor } from './shelf.ts'
import { slugOf } from './slugs.ts'

const row = {
  locale: 'en',
  path: 'a/first',
  collection: 'a/b',
  title: 'First',
  description: '',
  markdown: 'See [two](/en/a/second/#part) and [more](/en/x/).\n\n```\n[two](/en/a/second/)\n```',
}

test('an import publishes the same path as one article in several languages, nests collections and keeps links alive', async () => {
  const house = await openHouse()
  const { db, acme } = house
  await createHelpCenter(db, acme, { name: 'Help', default_locale: 'en', locales: ['en', 'fr'] }, START)
  await createAudience(db, acme, { name: 'users', roles: ['user'] })
  const articles = [
    row,
    { ...row, locale: 'fr', title: 'Premier' },
    { ...row, path: 'a/second', title: 'Second', audience: 'users' },
    { ...row, path: 'a/third', collection: 'a', title: 'Third' },
  ]
  await importArticles(db, acme, { articles, collections: { a: { en: { name: 'Letters' } } }, elsewhere: 'https://docs.test' }, START)
  const library = await openLibrary(db, acme)
  assert.ok(library)
  const shelf = shelfFor(library, VISITOR, 'en')
  assert.deepEqual(
    [...shelf.articles.values()].map(({ title }) => title),
    ['First', 'Third'],
  )
  const [letters] = shelf.collectionsIn(null)
  assert.deepEqual([letters?.name, letters?.article_count], ['Letters', 2])
  const [first] = shelf.articles.values()
  assert.ok(first)
  assert.equal(shelfFor(library, VISITOR, 'fr').articles.get(first.id)?.title, 'Premier')
  const body = await readArticleBody(db, library, first)
  assert.match(body?.html.text ?? '', /href="\/en\/articles\/\d+#h-part"/)
  assert.match(body?.html.text ?? '', /href="https:\/\/docs\.test\/en\/x\/"/)
  assert.match(body?.html.text ?? '', /\[two\]\(\/en\/a\/second\/\)/)
  await house.close()
})

test('an import that names an unknown audience leaves nothing behind', async () => {
  const house = await openHouse()
  const lone = await createWorkspace(house.db, 'Lone', { now: START })
  await createHelpCenter(house.db, lone, { name: 'Help', default_locale: 'en', locales: [] }, START)
  await assert.rejects(
    importArticles(house.db, lone, { articles: [row, { ...row, path: 'z', audience: 'nobody' }], collections: {} }, START),
    { code: 'parameter_invalid' },
  )
  assert.equal((await openLibrary(house.db, lone))?.articles.size, 0)
  await house.close()
})

for (const [title, slug] of [
  ['What’s new?', 'whats-new'],
  ['Déployer l’été', 'déployer-lété'],
  ['コンポーネントの基本', 'コンポーネントの基本'],
  ['المكوّنات الأساسية', 'المكوّنات-الأساسية'],
  ['???', ''],
] as const) {
  test(`the slug of ${title} is ${slug || 'empty'}`, () => assert.equal(slugOf(title), slug))
}
