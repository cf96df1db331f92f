import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildSearchIndex, type SearchDocument } from './search-index.ts'
import { fold } from './words.ts'

const CASES: [locale: string, query: string, finds: number | null, why: string][] = [
  ['en', 'deploy', 1, 'a word'],
  ['en', 'deployng', 1, 'a typing error'],
  ['en', 'depl', 1, 'the beginning of a word'],
  ['en', 'CACHE deploy', 1, 'all words before some'],
  ['en', 'zzqx', null, 'nothing'],
  ['fr', 'deployer', 1, 'without the accent'],
  ['fr', 'DÉPLOYER', 1, 'in capitals'],
  ['fr', 'coeur', 2, 'œ written as oe'],
  ['ja', 'コンポーネント', 1, 'a word without spaces around it'],
  ['ja', 'コンポー', 1, 'the beginning of one'],
  ['ja', 'ｺﾝﾎﾟｰﾈﾝﾄ', 1, 'in half width'],
  ['ja', '設定', 2, 'kanji'],
  ['ar', 'مكونات', 1, 'without the points'],
  ['ar', 'الصفحات', 2, 'with the article'],
  ['ar', 'اعدادات', 2, 'alef without hamza'],
]

const DOCUMENTS: Record<string, SearchDocument[]> = {
  en: [
    { id: 1, title: 'Deploy your site', description: 'Put it online', text: 'Clear the cache before you deploy.' },
    { id: 2, title: 'Cookies <b>&', description: '', text: 'About cookies and the cache.' },
  ],
  fr: [
    { id: 1, title: 'Déployer votre site', description: 'Mettre en ligne', text: 'Une commande suffit.' },
    { id: 2, title: 'Le cœur du système', description: '', text: 'Paramètres.' },
  ],
  ja: [
    { id: 1, title: 'コンポーネントの基本', description: '構文の紹介', text: 'コンポーネントは再利用できます。' },
    { id: 2, title: 'プロジェクトの設定', description: '', text: '設定ファイルを編集します。' },
  ],
  ar: [
    { id: 1, title: 'المكوّنات', description: 'مقدمة إلى مكوّنات أسترو', text: 'هذه مُكَوِّنات المشروع.' },
    { id: 2, title: 'الصفحات', description: 'إعدادات الصفحة', text: 'تعرف على إعدادات الصفحات.' },
  ],
}

for (const [locale, query, finds, why] of CASES) {
  test(`search in ${locale} takes ${query}: ${why}`, async () => {
    const index = await buildSearchIndex(DOCUMENTS[locale] ?? [], locale)
    assert.equal(index.search(query, { allows: () => true, limit: 5 })[0]?.id ?? null, finds)
  })
}

test('what the reader may not read is not found, and does not take a place among the results', async () => {
  const index = await buildSearchIndex(DOCUMENTS['en'] ?? [], 'en')
  assert.deepEqual(
    index.search('cache', { allows: (id) => id === 2, limit: 1 }).map(({ id }) => id),
    [2],
  )
  assert.deepEqual(index.search('deploy', { allows: (id) => id === 2, limit: 5 }), [])
})

test('hits are marked and everything else is escaped', async () => {
  const index = await buildSearchIndex(DOCUMENTS['en'] ?? [], 'en')
  const [hit] = index.search('cookies', { allows: () => true, limit: 5 })
  assert.equal(hit?.title.text, '<mark>Cookies</mark> &lt;b&gt;&amp;')
  assert.equal(hit?.excerpt.text, 'About <mark>cookies</mark> and the cache.')
})

test('folding keeps what makes a word another word', () => {
  assert.notEqual(fold('が'), fold('か'))
  assert.equal(fold('Ñandú ＡＢ'), 'nandu ab')
})
