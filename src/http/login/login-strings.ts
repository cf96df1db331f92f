const en = {
  continue_as: 'Continue as {name}?',
  continue_text: 'A link wants to sign you in here. Go on only if this is you.',
  continue_cookie_text: 'In the app, this browser is signed in as somebody else. Go on only if this is you.',
  visitor_follows: 'What you wrote in this browser before signing in will be added to this account.',
  switches_from: 'You are signed in as {name} now; that session will end.',
  continue: 'Continue',
  not_me: 'No, this is not me',
  no_login_page: 'Sign-in starts in the app',
  no_login_page_text: 'Sign in to the app that sent you here, then open this page again. There is no separate password for this site.',
  start_page: 'Go to the start page',
  fragment_needs_script:
    'This link finishes signing you in with JavaScript, which is off or blocked in this browser. Go back to the app and follow another link, or sign in here.',
  fragment_empty: 'This address carries no sign-in any more. Go back to the app and follow the link again.',
  sign_in: 'Sign in',
  login_url_loops: 'Sign-in went round in a circle',
  login_url_loops_text:
    'The app sent you back here twice without signing you in. This is a fault in its set-up, not something you did. Try once more, or tell the people who run it the code below.',
  handoff_not_signed_in: 'You came back without being signed in',
  handoff_not_signed_in_text:
    'The app sent you back here without signing you in. This is a fault in its set-up, not something you did. Try once more, or tell the people who run it the code below.',
  cookies_blocked: 'This browser keeps no cookies for this site',
  cookies_blocked_text:
    'Signing in needs one cookie, and the one we set a moment ago did not come back. Allow cookies for this address, then try again.',
  try_again: 'Try again',
}

type LoginStrings = Readonly<Record<keyof typeof en, string>>

const others: Record<string, LoginStrings> = {
  fr: {
    continue_as: 'Continuer en tant que {name} ?',
    continue_text: 'Un lien veut vous connecter ici. Ne continuez que si c’est bien vous.',
    continue_cookie_text: 'Dans l’application, ce navigateur est connecté sous un autre compte. Ne continuez que si c’est bien vous.',
    visitor_follows: 'Ce que vous avez écrit dans ce navigateur avant de vous connecter sera ajouté à ce compte.',
    switches_from: 'Vous êtes actuellement connecté en tant que {name} ; cette session prendra fin.',
    continue: 'Continuer',
    not_me: 'Non, ce n’est pas moi',
    no_login_page: 'La connexion commence dans l’application',
    no_login_page_text:
      'Connectez-vous à l’application qui vous a envoyé ici, puis rouvrez cette page. Ce site n’a pas de mot de passe à lui.',
    start_page: 'Aller à l’accueil',
    fragment_needs_script:
      'Ce lien termine la connexion avec JavaScript, qui est désactivé ou bloqué dans ce navigateur. Revenez à l’application et suivez un autre lien, ou connectez-vous ici.',
    fragment_empty: 'Cette adresse ne contient plus de connexion. Revenez à l’application et suivez de nouveau le lien.',
    sign_in: 'Se connecter',
    login_url_loops: 'La connexion tourne en rond',
    login_url_loops_text:
      'L’application vous a renvoyé ici deux fois sans vous connecter. C’est une erreur de configuration de sa part, pas de la vôtre. Réessayez, ou transmettez le code ci-dessous à ses responsables.',
    handoff_not_signed_in: 'Vous êtes revenu sans être connecté',
    handoff_not_signed_in_text:
      'L’application vous a renvoyé ici sans vous connecter. C’est une erreur de configuration de sa part, pas de la vôtre. Réessayez, ou transmettez le code ci-dessous à ses responsables.',
    cookies_blocked: 'Ce navigateur ne garde aucun cookie pour ce site',
    cookies_blocked_text:
      'La connexion a besoin d’un cookie, et celui que nous venons de poser n’est pas revenu. Autorisez les cookies pour cette adresse, puis réessayez.',
    try_again: 'Réessayer',
  },
  ja: {
    continue_as: '{name} として続けますか？',
    continue_text: 'リンクがあなたをここにログインさせようとしています。ご本人の場合のみ続けてください。',
    continue_cookie_text: 'アプリでは、このブラウザは別のアカウントでログインしています。ご本人の場合のみ続けてください。',
    visitor_follows: 'ログイン前にこのブラウザで書いた内容は、このアカウントに追加されます。',
    switches_from: '現在 {name} としてログインしています。そのセッションは終了します。',
    continue: '続ける',
    not_me: 'いいえ、私ではありません',
    no_login_page: 'ログインはアプリから行います',
    no_login_page_text: 'リンク元のアプリにログインしてから、このページをもう一度開いてください。このサイト専用のパスワードはありません。',
    start_page: 'トップページへ',
    fragment_needs_script:
      'このリンクは JavaScript を使ってログインを完了しますが、このブラウザでは JavaScript が無効になっているか、ブロックされています。アプリに戻って別のリンクを開くか、ここからログインしてください。',
    fragment_empty: 'このアドレスにはログイン情報が残っていません。アプリに戻ってリンクをもう一度開いてください。',
    sign_in: 'ログイン',
    login_url_loops: 'ログインが繰り返されています',
    login_url_loops_text:
      'アプリがログインを完了しないまま、2 回ここへ戻しました。設定の問題であり、あなたの操作が原因ではありません。もう一度お試しいただくか、下のコードを運営者にお知らせください。',
    handoff_not_signed_in: 'ログインされないまま戻ってきました',
    handoff_not_signed_in_text:
      'アプリがログインを行わないまま、ここに戻しました。アプリ側の設定の問題で、あなたの操作のせいではありません。もう一度試すか、下のコードを運営者に伝えてください。',
    cookies_blocked: 'このブラウザはこのサイトの Cookie を保存していません',
    cookies_blocked_text:
      'ログインには Cookie が 1 つ必要ですが、先ほど設定したものが戻ってきませんでした。このアドレスの Cookie を許可してから、もう一度お試しください。',
    try_again: 'もう一度試す',
  },
  ar: {
    continue_as: 'هل تريد المتابعة باسم {name}؟',
    continue_text: 'يريد رابط تسجيل دخولك هنا. تابع فقط إذا كان هذا أنت.',
    continue_cookie_text: 'في التطبيق، هذا المتصفح مسجّل الدخول بحساب آخر. تابع فقط إذا كان هذا أنت.',
    visitor_follows: 'سيُضاف ما كتبته في هذا المتصفح قبل تسجيل الدخول إلى هذا الحساب.',
    switches_from: 'أنت مسجّل الدخول الآن باسم {name}؛ ستنتهي تلك الجلسة.',
    continue: 'متابعة',
    not_me: 'لا، لست أنا',
    no_login_page: 'يبدأ تسجيل الدخول من التطبيق',
    no_login_page_text: 'سجّل الدخول إلى التطبيق الذي أرسلك إلى هنا، ثم افتح هذه الصفحة من جديد. لا توجد كلمة مرور خاصة بهذا الموقع.',
    start_page: 'إلى الصفحة الرئيسية',
    fragment_needs_script:
      'يُكمل هذا الرابط تسجيل دخولك باستخدام JavaScript، وهو معطّل أو محظور في هذا المتصفح. ارجع إلى التطبيق واتبع رابطًا آخر، أو سجّل الدخول من هنا.',
    fragment_empty: 'لم يعد هذا العنوان يحمل أي تسجيل دخول. ارجع إلى التطبيق واتبع الرابط من جديد.',
    sign_in: 'تسجيل الدخول',
    login_url_loops: 'تسجيل الدخول يدور في حلقة',
    login_url_loops_text:
      'أعادك التطبيق إلى هنا مرتين دون تسجيل دخولك. هذا خطأ في إعداده وليس شيئًا فعلته أنت. حاول مرة أخرى، أو أبلغ القائمين عليه بالرمز أدناه.',
    handoff_not_signed_in: 'عدت من دون تسجيل الدخول',
    handoff_not_signed_in_text:
      'أعادك التطبيق إلى هنا من دون تسجيل دخولك. هذا خطأ في إعداده وليس منك. حاول مرة أخرى، أو أعطِ القائمين عليه الرمز أدناه.',
    cookies_blocked: 'لا يحتفظ هذا المتصفح بأي ملفات تعريف ارتباط لهذا الموقع',
    cookies_blocked_text:
      'يحتاج تسجيل الدخول إلى ملف تعريف ارتباط واحد، والملف الذي وضعناه قبل لحظة لم يعد إلينا. اسمح بملفات تعريف الارتباط لهذا العنوان ثم حاول مرة أخرى.',
    try_again: 'حاول مرة أخرى',
  },
}

export function loginStrings(locale: string): LoginStrings {
  return others[locale] ?? en
}
