import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import type { AudienceId } from '#db/columns.ts'
import { changeArticle, createArticle, publishArticle, writeArticle, type Article } from '#domain/articles/articles.ts'
import { createCollection, type Collection } from '#domain/articles/collections.ts'
import { createHelpCenter } from '#domain/articles/help-centers.ts'
import { createAudience } from '#domain/audiences/audiences.ts'
import type { ArticleAnswer, ArticlesAnswer } from '#shared/messenger.ts'
import { ada, chen } from '#test/cast.ts'
import { openHouse, START, type Browser, type House } from '#test/house.ts'

let house: House
let collection: Collection
let secretCollection: Collection
const articles = new Map<string, Article>()
const readers = new Map<string, Browser>()

before(async () => {
  house = await openHouse()
  const { db, acme } = house
  await house.change({ login_url: 'https://app.acme.test/login' })
  const helpCenter = await createHelpCenter(db, acme, { name: 'Acme Help', default_locale: 'en', locales: ['en', 'fr', 'ja', 'ar'] }, START)
  collection = await createCollection(
    db,
    helpCenter,
    { translations: { en: { name: 'Guides' }, fr: { name: 'Guides' }, ja: { name: 'ガイド' }, ar: { name: 'الأدلة' } } },
    START,
  )
  secretCollection = await createCollection(db, helpCenter, { translations: { en: { name: 'Zebra plans' } }, position: 1 }, START)
  const audience = async (name: string, roles: ('visitor' | 'lead' | 'user')[], plan?: string) =>
    (
      await createAudience(db, acme, {
        name,
        roles,
        rules: plan ? [{ subject: 'company', attribute: 'plan', operator: '=', value: plan }] : [],
      })
    ).id
  await write('open', null)
  await write('visitors', await audience('visitors', ['visitor']))
  await write('leads', await audience('leads', ['lead']))
  await write('users', await audience('users', ['user']))
  await write('pro', await audience('pro', ['user'], 'pro'))
  await write('zebra', await audience('pro too', ['user'], 'pro'), secretCollection)
  await translate('open', { locale: 'fr', title: 'Déployer l’été', markdown: 'Bonjour le monde, déploiement.' })
  await translate('open', { locale: 'ja', title: 'コンポーネントの基本', markdown: 'コンポーネントは再利用できます。' })
  await translate('open', { locale: 'ar', title: 'المكوّنات الأساسية', markdown: 'هذه مُكَوِّنات المشروع.' })
  await translate('users', { locale: 'fr', title: 'Réservé aux membres', markdown: 'déploiement secret' })
  for (const [name, person] of [
    ['ada', ada],
    ['chen', chen],
    ['visitor', undefined],
  ] as const) {
    const browser = house.browser()
    if (person) assert.equal((await browser.boot(person)).statusCode, 200)
    readers.set(name, browser)
  }
})
after(() => house.close())

async function write(name: string, audience_id: AudienceId | null, place = collection) {
  const article = await createArticle(house.db, house.acme, { collection_id: place.id, audience_id, position: articles.size }, START)
  articles.set(name, article)
  await translate(name, { locale: 'en', title: `Title of ${name}`, markdown: `## One\n\nMarmalade body of ${name}.\n\n## Two\n\nEnd.` })
}

async function translate(name: string, text: { locale: string; title: string; markdown: string }) {
  await writeArticle(house.db, articleOf(name), { ...text, description: `About ${name}` }, START)
  await publishArticle(house.db, articleOf(name), text.locale, START)
}

function articleOf(name: string): Article {
  const article = articles.get(name)
  assert.ok(article)
  return article
}

function readerOf(name: string): Browser {
  const browser = readers.get(name)
  assert.ok(browser)
  return browser
}

const AUDIENCES: [reader: string, article: string, status: number][] = [
  ['visitor', 'open', 200],
  ['visitor', 'visitors', 200],
  ['visitor', 'leads', 404],
  ['visitor', 'users', 401],
  ['visitor', 'pro', 401],
  ['chen', 'open', 200],
  ['chen', 'visitors', 404],
  ['chen', 'leads', 404],
  ['chen', 'users', 200],
  ['chen', 'pro', 404],
  ['ada', 'open', 200],
  ['ada', 'visitors', 404],
  ['ada', 'leads', 404],
  ['ada', 'users', 200],
  ['ada', 'pro', 200],
]

for (const [reader, name, status] of AUDIENCES) {
  const may = status === 200
  test(`${reader} ${may ? 'finds' : 'finds no trace of'} the article “${name}” on its page, in the list, search, sitemap and Messenger`, async () => {
    const browser = readerOf(reader)
    const { id } = articleOf(name)
    const page = await browser.get(`/en/articles/${id}-title-of-${name}`)
    assert.equal(page.statusCode, status)
    assert.equal(page.body.includes(`Marmalade body of ${name}`), may)
    assert.equal(page.body.includes(`Title of ${name}`), may)
    for (const path of [`/en/collections/${collection.id}-guides`, '/en/search?q=marmalade', `/en/search?q=title+of+${name}`]) {
      assert.equal((await browser.get(path)).body.includes(`/articles/${id}-`), may, path)
    }
    const sitemap = (await browser.get('/sitemap.xml')).body
    assert.equal(sitemap.includes(`/articles/${id}-`), ['open', 'visitors'].includes(name))
    const suggested = (await browser.get('/messenger/articles?locale=en')).json<ArticlesAnswer>()
    assert.equal(
      suggested.articles.some((article) => article.id === String(id)),
      may,
    )
    const found = (await browser.get('/messenger/articles/search?q=marmalade&locale=en')).json<ArticlesAnswer>()
    assert.equal(
      found.articles.some((article) => article.id === String(id)),
      may,
    )
    const one = await browser.get(`/messenger/articles/${id}?locale=en`)
    assert.equal(one.statusCode, may ? 200 : 404)
    if (may) assert.match(one.json<ArticleAnswer>().article.html, /Marmalade/)
  })
}

test('counts and collections tell nothing of what a reader may not read', async () => {
  const visitor = await readerOf('visitor').get('/en')
  assert.match(visitor.body, /2 articles/)
  assert.doesNotMatch(visitor.body, /Zebra/)
  assert.equal((await readerOf('visitor').get(`/en/collections/${secretCollection.id}-zebra-plans`)).statusCode, 404)
  const reader = await readerOf('ada').get('/en')
  assert.match(reader.body, /3 articles/)
  assert.match(reader.body, /Zebra plans/)
})

test('a claimed session reads as a visitor', async () => {
  await house.change({ enforcement_web: 'off' })
  const browser = house.browser()
  assert.equal((await browser.boot(undefined, { user_id: 'ada', email: ada.email })).statusCode, 200)
  assert.equal((await browser.get(`/en/articles/${articleOf('users').id}`)).statusCode, 401)
  await house.change({ enforcement_web: 'enforce' })
})

test('the sign-in page leads to the login and back, and is neither indexed nor stored', async () => {
  const path = `/en/articles/${articleOf('users').id}-title-of-users`
  const page = await readerOf('visitor').get(path)
  assert.match(page.body, new RegExp(`href="/login\\?return_to=${encodeURIComponent(path)}"`))
  assert.match(page.body, /name="robots" content="noindex"/)
  assert.equal(page.headers['cache-control'], 'private, no-store')
})

test('without a Login URL the page says how to sign in', async () => {
  await house.change({ login_url: null })
  const page = await readerOf('visitor').get(`/en/articles/${articleOf('users').id}`)
  assert.equal(page.statusCode, 401)
  assert.doesNotMatch(page.body, /href="\/login/)
  assert.match(page.body, /Sign in to the app/)
  await house.change({ login_url: 'https://app.acme.test/login' })
})

test('a wrong or missing slug moves to the right one and keeps the query', async () => {
  const { id } = articleOf('open')
  for (const path of [`/en/articles/${id}`, `/en/articles/${id}-old-title`]) {
    const moved = await house.get(`${path}?x=1`)
    assert.equal(moved.statusCode, 301)
    assert.equal(moved.headers.location, `/en/articles/${id}-title-of-open?x=1`)
  }
  const arabic = await house.get(`/ar/articles/${id}`)
  assert.equal(arabic.headers.location, `/ar/articles/${id}-${encodeURIComponent('المكوّنات-الأساسية')}`)
  assert.equal((await house.get(arabic.headers.location ?? '')).statusCode, 200)
  assert.equal((await house.get(`/en/collections/${collection.id}-x`)).headers.location, `/en/collections/${collection.id}-guides`)
})

test('an article that is not there in this language is offered in those it has', async () => {
  const missing = await readerOf('chen').get(`/ja/articles/${articleOf('users').id}`)
  assert.equal(missing.statusCode, 404)
  assert.match(missing.body, /hreflang="en">English/)
  assert.match(missing.body, /hreflang="fr">Français/)
  assert.doesNotMatch(missing.body, /Réservé aux membres/)
  assert.equal((await readerOf('visitor').get(`/ja/articles/${articleOf('users').id}`)).statusCode, 401)
})

test('the start page speaks the browser’s language, or the default one', async () => {
  for (const [accepted, locale] of [
    ['fr-CA,en;q=0.5', 'fr'],
    ['de, ja;q=0.3, fr;q=0.2', 'ja'],
    ['de', 'en'],
    ['', 'en'],
    ['en;q=0, ar', 'ar'],
  ] as const) {
    const answer = await house.get('/', { headers: { 'accept-language': accepted } })
    assert.deepEqual([answer.statusCode, answer.headers.location], [302, `/${locale}`])
  }
  const arabic = await house.get('/ar')
  assert.match(arabic.body, /<html lang="ar" dir="rtl">/)
  assert.match(arabic.body, /مقالة واحدة/)
  assert.equal((await house.get('/xx')).statusCode, 404)
})

for (const [locale, q, found] of [
  ['fr', 'deploiement', 'Déployer'],
  ['fr', 'ete', 'Déployer'],
  ['ja', 'コンポーネント', 'コンポーネント'],
  ['ar', 'مكونات', 'المكوّنات'],
] as const) {
  test(`search in ${locale} finds ${q}`, async () => {
    const results = await house.get(`/${locale}/search?q=${encodeURIComponent(q)}`)
    assert.ok(results.body.includes(found))
    assert.match(results.body, /<mark>/)
    assert.doesNotMatch(results.body, /Réservé/)
  })
}

test('what is asked is shown as text', async () => {
  const results = await house.get(`/en/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
  assert.doesNotMatch(results.body, /<script/)
})

test('signed-in pages are not stored; signed-out ones are checked by ETag', async () => {
  const path = `/en/articles/${articleOf('open').id}-title-of-open`
  const signedIn = await readerOf('ada').get(path)
  assert.equal(signedIn.headers['cache-control'], 'private, no-store')
  assert.equal(signedIn.headers.etag, undefined)
  assert.match(signedIn.body, /Ada Lovelace/)
  const signedOut = await house.get(path)
  assert.equal(signedOut.headers['cache-control'], 'private, no-cache')
  assert.match(String(signedOut.headers.vary), /Cookie/)
  const again = await house.get(path, { headers: { 'if-none-match': String(signedOut.headers.etag) } })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  const compressed = await house.get(path, { headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(compressed.headers['content-encoding'], 'br')
  assert.equal(brotliDecompressSync(compressed.rawPayload).toString(), signedOut.body)
})

test('pages need no script, and are painted from one request: the one stylesheet is in them, allowed by its hash', async () => {
  const page = await house.get(`/en/articles/${articleOf('open').id}-title-of-open`)
  assert.doesNotMatch(page.body, /<script|<link rel="stylesheet"|\sstyle=|\son\w+=/)
  const [, css = '', ...more] = page.body.split(/<style>|<\/style>/)
  assert.equal(more.length, 1)
  const source = `'sha256-${createHash('sha256').update(css).digest('base64')}'`
  assert.match(String(page.headers['content-security-policy']), new RegExp(`style-src 'self' ${RegExp.escape(source)};`))
  await house.change({ action_color: '#123456' })
  const recoloured = await house.get(`/en/articles/${articleOf('open').id}-title-of-open`)
  assert.match(recoloured.body, /<style>[^<]*#123456/)
  assert.doesNotMatch(String(recoloured.headers['content-security-policy']), new RegExp(RegExp.escape(source)))
})

test('public pages name their address and translations; others are not indexed', async () => {
  const { id } = articleOf('open')
  const page = await house.get(`/en/articles/${id}-title-of-open`)
  assert.match(page.body, new RegExp(`rel="canonical" href="https://help.acme.test/en/articles/${id}-title-of-open"`))
  assert.match(page.body, /hreflang="ja" href="https:\/\/help\.acme\.test\/ja\/articles\//)
  assert.doesNotMatch(page.body, /noindex/)
  const forUsers = await readerOf('ada').get(`/en/articles/${articleOf('users').id}-title-of-users`)
  assert.match(forUsers.body, /noindex/)
  assert.doesNotMatch(forUsers.body, /canonical|og:title/)
  assert.match((await house.get('/robots.txt')).body, /Sitemap: https:\/\/help\.acme\.test\/sitemap\.xml/)
})

test('a change of audience is seen everywhere at once', async () => {
  await write('moving', null)
  const { id } = articleOf('moving')
  assert.ok((await house.get('/en/search?q=moving')).body.includes(`/articles/${id}-`))
  await changeArticle(house.db, articleOf('moving'), { audience_id: articleOf('users').audience_id }, START)
  assert.equal((await house.get(`/en/articles/${id}-title-of-moving`)).statusCode, 401)
  assert.ok(!(await house.get('/en/search?q=moving')).body.includes(`/articles/${id}-`))
  await changeArticle(house.db, articleOf('moving'), { audience_id: articleOf('pro').audience_id }, START)
})

test('another workspace’s articles do not exist here', async () => {
  await createHelpCenter(house.db, house.globex, { name: 'Globex', default_locale: 'en', locales: ['en'] }, START)
  const foreign = house.browser(house.tenants.globex)
  assert.equal((await foreign.get(`/en/articles/${articleOf('open').id}-title-of-open`)).statusCode, 404)
  assert.equal((await foreign.get(`/messenger/articles/${articleOf('open').id}`)).statusCode, 404)
  assert.doesNotMatch((await foreign.get('/sitemap.xml')).body, /articles/)
})
