import type { Standing } from '#domain/diagnosis/standing.ts'

export interface StatusStrings {
  title: string
  signed_in: string
  not_signed_in: string
  because: Readonly<Record<Standing, string>>
  do_sign_in: string
  do_in_app: string
  sign_in: string
  start_page: string
  for_developers: string
  host: string
  session: string
  since: string
  ends: string
  cookies: string
  twice: string
  probe: string
  last_attempt: string
  none: string
  unknown: string
  from_outside: string
}

const en: StatusStrings = {
  title: 'Your sign-in here',
  signed_in: 'You are signed in as {name}',
  not_signed_in: 'You are not signed in',
  because: {
    signed_in: 'The Help Center, your tickets and the Messenger know you.',
    lead: 'You signed in by a link in your mail: this site knows your address. Tickets and pages for users open when the app signs you in.',
    signed_out: 'You signed out in this browser. It stays that way until you sign in again.',
    refused: 'The last attempt to sign you in from this browser was refused.',
    claimed: 'The app said who you are, but did not prove it.',
    visitor: 'This browser is a visitor here: the app has not said who you are.',
    cookie_twice: 'This browser sends two cookies of the same name, so neither counts. Delete the cookies of this site and sign in again.',
    session_ended: 'Your session has ended: it ran out, or you were signed out elsewhere.',
    cookie_missing: 'This browser sent no session. You have not signed in with it yet, or its cookies do not arrive.',
  },
  do_sign_in: 'Sign in with the account you already use. You come back to this page.',
  do_in_app: 'Log in to the app that sent you here, then open this page again.',
  sign_in: 'Sign in',
  start_page: 'Go to the start page',
  for_developers: 'For developers',
  host: 'Host and app_id',
  session: 'Session and door',
  since: 'Since',
  ends: 'Ends, if not used',
  cookies: 'Cookies that arrived',
  twice: 'more than once',
  probe: 'Probe of a boot',
  last_attempt: 'Last attempt',
  none: 'none',
  unknown: 'not known of this browser',
  from_outside: 'To look from outside:',
}

const fr: StatusStrings = {
  title: 'Votre connexion ici',
  signed_in: 'Vous êtes connecté en tant que {name}',
  not_signed_in: 'Vous n’êtes pas connecté',
  because: {
    signed_in: 'Le centre d’aide, vos tickets et le Messenger vous reconnaissent.',
    lead: 'Vous vous êtes connecté par un lien reçu par e-mail : ce site connaît votre adresse. Les tickets et les pages réservées s’ouvrent quand l’application vous connecte.',
    signed_out: 'Vous vous êtes déconnecté dans ce navigateur. Cela reste ainsi jusqu’à votre prochaine connexion.',
    refused: 'La dernière tentative de connexion depuis ce navigateur a été refusée.',
    claimed: 'L’application a dit qui vous êtes, mais sans le prouver.',
    visitor: 'Ce navigateur est ici un visiteur : l’application n’a pas dit qui vous êtes.',
    cookie_twice:
      'Ce navigateur envoie deux cookies du même nom, donc aucun ne compte. Supprimez les cookies de ce site et reconnectez-vous.',
    session_ended: 'Votre session est terminée : elle a expiré, ou vous avez été déconnecté ailleurs.',
    cookie_missing: 'Ce navigateur n’a envoyé aucune session. Vous ne vous y êtes pas encore connecté, ou ses cookies n’arrivent pas.',
  },
  do_sign_in: 'Connectez-vous avec votre compte habituel. Vous reviendrez sur cette page.',
  do_in_app: 'Connectez-vous à l’application d’où vous venez, puis rouvrez cette page.',
  sign_in: 'Se connecter',
  start_page: 'Aller à la page d’accueil',
  for_developers: 'Pour les développeurs',
  host: 'Hôte et app_id',
  session: 'Session et porte',
  since: 'Depuis',
  ends: 'Fin, sans utilisation',
  cookies: 'Cookies reçus',
  twice: 'plusieurs fois',
  probe: 'Sonde d’un démarrage',
  last_attempt: 'Dernière tentative',
  none: 'aucun',
  unknown: 'inconnue pour ce navigateur',
  from_outside: 'Pour regarder de l’extérieur :',
}

const ja: StatusStrings = {
  title: 'このサイトでのログイン状態',
  signed_in: '{name} としてログインしています',
  not_signed_in: 'ログインしていません',
  because: {
    signed_in: 'ヘルプセンター、チケット、メッセンジャーのすべてでログイン済みです。',
    lead: 'メールのリンクでログインしました。このサイトはあなたのアドレスを確認済みです。チケットとユーザー向けページは、アプリからログインすると開きます。',
    signed_out: 'このブラウザでログアウトしました。もう一度ログインするまで、この状態が続きます。',
    refused: 'このブラウザからの直近のログインは拒否されました。',
    claimed: 'アプリはあなたが誰かを伝えましたが、証明していません。',
    visitor: 'このブラウザは訪問者として扱われています。アプリからあなたの情報が届いていません。',
    cookie_twice:
      '同じ名前の Cookie が二つ送られているため、どちらも無効です。このサイトの Cookie を削除してから、もう一度ログインしてください。',
    session_ended: 'セッションが終了しました。期限が切れたか、別の場所でログアウトされました。',
    cookie_missing: 'セッションが届いていません。このブラウザではまだログインしていないか、Cookie が届いていません。',
  },
  do_sign_in: 'いつものアカウントでログインしてください。このページに戻ります。',
  do_in_app: 'ご利用中のアプリにログインしてから、このページをもう一度開いてください。',
  sign_in: 'ログイン',
  start_page: 'トップページへ',
  for_developers: '開発者向け',
  host: 'ホストと app_id',
  session: 'セッションと入口',
  since: '開始',
  ends: '終了（未使用の場合）',
  cookies: '届いた Cookie',
  twice: '複数回',
  probe: 'boot の確認用 Cookie',
  last_attempt: '直近の試行',
  none: 'なし',
  unknown: 'このブラウザについては不明',
  from_outside: '外部から確認するには:',
}

const ar: StatusStrings = {
  title: 'تسجيل دخولك هنا',
  signed_in: 'أنت مسجّل الدخول باسم {name}',
  not_signed_in: 'أنت غير مسجّل الدخول',
  because: {
    signed_in: 'يتعرّف عليك مركز المساعدة وتذاكرك وأداة المراسلة.',
    lead: 'سجّلت الدخول برابط من بريدك: يعرف هذا الموقع عنوانك. تُفتح التذاكر وصفحات المستخدمين عندما يسجّل التطبيق دخولك.',
    signed_out: 'لقد سجّلت الخروج في هذا المتصفح، ويبقى الأمر كذلك حتى تسجّل الدخول من جديد.',
    refused: 'رُفضت آخر محاولة لتسجيل دخولك من هذا المتصفح.',
    claimed: 'ذكر التطبيق من أنت، لكنه لم يثبت ذلك.',
    visitor: 'هذا المتصفح زائر هنا: لم يذكر التطبيق من أنت.',
    cookie_twice: 'يرسل هذا المتصفح ملفَّي تعريف ارتباط بالاسم نفسه، فلا يُحتسب أي منهما. احذف ملفات تعريف الارتباط لهذا الموقع ثم سجّل الدخول.',
    session_ended: 'انتهت جلستك: انقضت مدتها، أو سُجّل خروجك من مكان آخر.',
    cookie_missing: 'لم يرسل هذا المتصفح أي جلسة. لم تسجّل الدخول به بعد، أو أن ملفات تعريف الارتباط لا تصل.',
  },
  do_sign_in: 'سجّل الدخول بحسابك المعتاد، ثم تعود إلى هذه الصفحة.',
  do_in_app: 'سجّل الدخول إلى التطبيق الذي أرسلك إلى هنا، ثم افتح هذه الصفحة من جديد.',
  sign_in: 'تسجيل الدخول',
  start_page: 'إلى الصفحة الرئيسية',
  for_developers: 'للمطوّرين',
  host: 'المضيف و app_id',
  session: 'الجلسة والباب',
  since: 'منذ',
  ends: 'تنتهي إن لم تُستخدم',
  cookies: 'ملفات تعريف الارتباط الواصلة',
  twice: 'أكثر من مرة',
  probe: 'مسبار الإقلاع',
  last_attempt: 'آخر محاولة',
  none: 'لا شيء',
  unknown: 'غير معروفة لهذا المتصفح',
  from_outside: 'للفحص من الخارج:',
}

const others: Record<string, StatusStrings> = { fr, ja, ar }

export function statusStrings(locale: string): StatusStrings {
  return others[locale] ?? en
}
