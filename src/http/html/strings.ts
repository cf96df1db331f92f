import { boundedCache } from '#platform/cache/bounded-cache.ts'

const en = {
  skip: 'Skip to content',
  help: 'Help',
  tickets: 'Tickets',
  site: 'Site',
  search: 'Search',
  search_placeholder: 'Search for answers',
  sign_in: 'Sign in',
  sign_out: 'Sign out',
  your_devices: 'Your devices',
  signed_in_as: 'Signed in as',
  not_you: 'Not you?',
  language: 'Language',
  headline: 'How can we help?',
  browse: 'Browse by topic',
  your_tickets: 'Your tickets',
  your_tickets_text: 'Follow your requests, answer us and open new ones.',
  breadcrumbs: 'You are here',
  on_this_page: 'On this page',
  updated: 'Updated {date}',
  related: 'Read next',
  results_for: 'Results for “{q}”',
  nothing_found: 'Nothing found for “{q}”',
  nothing_found_text: 'Try fewer or other words, or browse the topics on the start page.',
  only_in: 'This page is not available in {language} yet.',
  read_in: 'You can read it in:',
  nothing_yet: 'There is nothing to read here yet.',
  sign_in_to_read: 'Sign in to read this',
  sign_in_to_read_text: 'This page is for signed-in readers. Sign in with the account you already use, and you come straight back.',
  sign_in_unknown: 'Sign in to the app that sent you here, then open this page again. There is no separate password for this site.',
  sign_in_missing: 'Sign-in starts in the app',
  start_page: 'Go to the start page',
  not_found: 'There is nothing here',
  not_found_text: 'The page may have moved, or the address may be mistyped.',
  no_login: 'You could not be signed in',
  no_login_text:
    'Go back to the app and open this page from there again. If it happens again, tell the people who run this site, with the line below.',
  too_often: 'That was too often',
  too_often_text: 'Wait a minute, then try again. Nothing was lost.',
  failed: 'That did not work',
  failed_text:
    'Go back, load the page again and try once more. If it happens again, tell the people who run this site, with the line below.',
}

export type Strings = Readonly<Record<keyof typeof en, string>>

const fr: Strings = {
  skip: 'Aller au contenu',
  help: 'Aide',
  tickets: 'Tickets',
  site: 'Site',
  search: 'Rechercher',
  search_placeholder: 'Rechercher une réponse',
  sign_in: 'Se connecter',
  sign_out: 'Se déconnecter',
  your_devices: 'Vos appareils',
  signed_in_as: 'Connecté en tant que',
  not_you: 'Ce n’est pas vous ?',
  language: 'Langue',
  headline: 'Comment pouvons-nous vous aider ?',
  browse: 'Parcourir par thème',
  your_tickets: 'Vos tickets',
  your_tickets_text: 'Suivez vos demandes, répondez-nous et ouvrez-en de nouvelles.',
  breadcrumbs: 'Vous êtes ici',
  on_this_page: 'Sur cette page',
  updated: 'Mis à jour le {date}',
  related: 'À lire ensuite',
  results_for: 'Résultats pour « {q} »',
  nothing_found: 'Aucun résultat pour « {q} »',
  nothing_found_text: 'Essayez moins de mots ou d’autres mots, ou parcourez les thèmes de la page d’accueil.',
  only_in: 'Cette page n’existe pas encore en {language}.',
  read_in: 'Vous pouvez la lire en :',
  nothing_yet: 'Il n’y a encore rien à lire ici.',
  sign_in_to_read: 'Connectez-vous pour lire cette page',
  sign_in_to_read_text:
    'Cette page est réservée aux lecteurs connectés. Connectez-vous avec votre compte habituel : vous reviendrez directement ici.',
  sign_in_unknown:
    'Connectez-vous à l’application d’où vous venez, puis ouvrez de nouveau cette page. Ce site n’a pas de mot de passe à part.',
  sign_in_missing: 'La connexion se fait dans l’application',
  start_page: 'Aller à la page d’accueil',
  not_found: 'Il n’y a rien ici',
  not_found_text: 'La page a peut-être été déplacée, ou l’adresse est mal saisie.',
  no_login: 'La connexion n’a pas abouti',
  no_login_text:
    'Retournez dans l’application et rouvrez cette page à partir de là. Si cela se reproduit, indiquez la ligne ci-dessous aux responsables de ce site.',
  too_often: 'C’était trop souvent',
  too_often_text: 'Attendez une minute, puis réessayez. Rien n’a été perdu.',
  failed: 'Cela n’a pas fonctionné',
  failed_text:
    'Revenez en arrière, rechargez la page et réessayez. Si cela se reproduit, indiquez la ligne ci-dessous aux responsables de ce site.',
}

const ja: Strings = {
  skip: '本文へ移動',
  help: 'ヘルプ',
  tickets: 'チケット',
  site: 'サイト',
  search: '検索',
  search_placeholder: '知りたいことを検索',
  sign_in: 'ログイン',
  sign_out: 'ログアウト',
  your_devices: 'ログイン中の端末',
  signed_in_as: 'ログイン中',
  not_you: 'ご本人ではありませんか?',
  language: '言語',
  headline: 'どのようなことでお困りですか?',
  browse: 'トピックから探す',
  your_tickets: 'お問い合わせ履歴',
  your_tickets_text: 'お問い合わせの状況の確認、返信、新規作成ができます。',
  breadcrumbs: '現在の位置',
  on_this_page: 'このページの内容',
  updated: '{date} 更新',
  related: '次に読む',
  results_for: '「{q}」の検索結果',
  nothing_found: '「{q}」に一致する記事はありません',
  nothing_found_text: '別の言葉で検索するか、トップページのトピックからお探しください。',
  only_in: 'このページの{language}版はまだありません。',
  read_in: '次の言語で読めます:',
  nothing_yet: 'まだ記事がありません。',
  sign_in_to_read: 'ログインしてお読みください',
  sign_in_to_read_text: 'このページはログインした方だけが読めます。いつものアカウントでログインすると、このページに戻ります。',
  sign_in_unknown: 'ご利用中のアプリにログインしてから、このページをもう一度開いてください。このサイト専用のパスワードはありません。',
  sign_in_missing: 'ログインはアプリから行います',
  start_page: 'トップページへ',
  not_found: 'ページが見つかりません',
  not_found_text: 'ページが移動したか、アドレスが間違っている可能性があります。',
  no_login: 'ログインできませんでした',
  no_login_text:
    'アプリに戻り、そこからこのページをもう一度開いてください。繰り返し起きる場合は、下の行をこのサイトの運営者にお知らせください。',
  too_often: '回数が多すぎます',
  too_often_text: '1 分ほど待ってから、もう一度お試しください。失われたものはありません。',
  failed: 'うまくいきませんでした',
  failed_text:
    '前のページに戻って再読み込みし、もう一度お試しください。繰り返し起きる場合は、下の行をこのサイトの運営者にお知らせください。',
}

const ar: Strings = {
  skip: 'انتقل إلى المحتوى',
  help: 'المساعدة',
  tickets: 'التذاكر',
  site: 'الموقع',
  search: 'بحث',
  search_placeholder: 'ابحث عن إجابة',
  sign_in: 'تسجيل الدخول',
  sign_out: 'تسجيل الخروج',
  your_devices: 'أجهزتك',
  signed_in_as: 'مسجّل الدخول باسم',
  not_you: 'لست أنت؟',
  language: 'اللغة',
  headline: 'كيف يمكننا مساعدتك؟',
  browse: 'تصفّح حسب الموضوع',
  your_tickets: 'تذاكرك',
  your_tickets_text: 'تابع طلباتك، ورُدّ علينا، وافتح طلبات جديدة.',
  breadcrumbs: 'أنت هنا',
  on_this_page: 'في هذه الصفحة',
  updated: 'آخر تحديث {date}',
  related: 'اقرأ أيضًا',
  results_for: 'نتائج البحث عن «{q}»',
  nothing_found: 'لا نتائج للبحث عن «{q}»',
  nothing_found_text: 'جرّب كلمات أقل أو مختلفة، أو تصفّح المواضيع في الصفحة الرئيسية.',
  only_in: 'هذه الصفحة غير متوفرة بعد باللغة: {language}.',
  read_in: 'يمكنك قراءتها بإحدى اللغات التالية:',
  nothing_yet: 'لا يوجد ما يُقرأ هنا بعد.',
  sign_in_to_read: 'سجّل الدخول لقراءة هذه الصفحة',
  sign_in_to_read_text: 'هذه الصفحة للقرّاء المسجّلين. سجّل الدخول بحسابك المعتاد وستعود إلى هنا مباشرة.',
  sign_in_unknown: 'سجّل الدخول إلى التطبيق الذي أتيت منه، ثم افتح هذه الصفحة من جديد. لا توجد كلمة مرور خاصة بهذا الموقع.',
  sign_in_missing: 'يبدأ تسجيل الدخول من التطبيق',
  start_page: 'إلى الصفحة الرئيسية',
  not_found: 'لا يوجد شيء هنا',
  not_found_text: 'ربما نُقلت الصفحة، أو كُتب العنوان خطأً.',
  no_login: 'تعذّر تسجيل دخولك',
  no_login_text: 'ارجع إلى التطبيق وافتح هذه الصفحة منه مرة أخرى. إذا تكرر ذلك فأخبر القائمين على هذا الموقع بالسطر أدناه.',
  too_often: 'محاولات كثيرة جدًا',
  too_often_text: 'انتظر دقيقة ثم حاول مجددًا. لم يُفقد شيء.',
  failed: 'لم ينجح ذلك',
  failed_text: 'ارجع وأعد تحميل الصفحة ثم حاول مرة أخرى. إذا تكرر ذلك فأخبر القائمين على هذا الموقع بالسطر أدناه.',
}

const dictionaries: Readonly<Record<string, Strings>> = { en, fr, ja, ar }
const DAY_MS = 86_400_000
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'he', 'fa', 'ur', 'ps', 'sd', 'yi', 'dv', 'ckb'])
const ARTICLES: Readonly<Record<string, Partial<Record<Intl.LDMLPluralRule, string>>>> = {
  en: { one: '# article', other: '# articles' },
  fr: { one: '# article', other: '# articles' },
  ja: { other: '# 件の記事' },
  ar: { zero: 'لا مقالات', one: 'مقالة واحدة', two: 'مقالتان', few: '# مقالات', many: '# مقالة', other: '# مقالة' },
}

// The formatters of Intl are slow to make and are wanted on every page.
const names = boundedCache<string, string>(200)
const dates = boundedCache<string, Intl.DateTimeFormat>(200)
const days = boundedCache<string, string>(2000)
const plurals = boundedCache<string, Intl.PluralRules>(200)

/** The interface speaks these; content may be in any language. */
export const INTERFACE_LOCALES: readonly string[] = Object.keys(dictionaries)

export function stringsOf(locale: string): Strings {
  return dictionaries[languageOf(locale)] ?? en
}

export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole)
}

export function articleCount(locale: string, count: number): string {
  const language = dictionaries[languageOf(locale)] ? languageOf(locale) : 'en'
  const forms = ARTICLES[language] ?? {}
  const form = forms[pluralRules(language).select(count)] ?? forms.other ?? '#'
  return form.replace('#', count.toLocaleString(language))
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(languageOf(locale)) ? 'rtl' : 'ltr'
}

/** The language's name in itself: Français, 日本語. */
export function languageName(locale: string): string {
  return names.get(locale) ?? names.set(locale, readLanguageName(locale))
}

export function longDate(locale: string, at: number): string {
  const day = Math.floor(at / DAY_MS) * DAY_MS
  const key = `${locale} ${day}`
  return days.get(key) ?? days.set(key, dateFormat(locale).format(day))
}

function dateFormat(locale: string): Intl.DateTimeFormat {
  return dates.get(locale) ?? dates.set(locale, new Intl.DateTimeFormat(supported(locale), { dateStyle: 'long', timeZone: 'UTC' }))
}

function pluralRules(language: string): Intl.PluralRules {
  return plurals.get(language) ?? plurals.set(language, new Intl.PluralRules(language))
}

function readLanguageName(locale: string): string {
  const [known] = supported(locale)
  if (known === undefined) return locale
  const name = new Intl.DisplayNames([known], { type: 'language' }).of(known) ?? locale
  return name.charAt(0).toLocaleUpperCase(known) + name.slice(1)
}

function supported(locale: string): string[] {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([locale])
  } catch {
    return []
  }
}

/** The first of the browser's languages that is offered (exactly, or the same language), else the first offered. */
export function preferredLocale(acceptLanguage: string | undefined, offered: readonly string[]): string {
  for (const wanted of rankedLanguages(acceptLanguage ?? '')) {
    const match =
      offered.find((locale) => locale.toLowerCase() === wanted) ?? offered.find((locale) => languageOf(locale) === languageOf(wanted))
    if (match) return match
  }
  return offered[0] ?? 'en'
}

function rankedLanguages(acceptLanguage: string): string[] {
  return acceptLanguage
    .slice(0, 500)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

function languageOf(locale: string): string {
  return locale.toLowerCase().split('-', 1)[0] ?? ''
}
