import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, type ErrorCode } from '#errors'
import { html } from '#platform/html/html.ts'
import { faultLine } from '#http/html/fault-line.ts'
import { homeOf, messagePage, requestLocale, signInPath } from '#http/html/layout.ts'

/** Title and text by code, where a provider signed nobody in. */
type Words = Readonly<Record<'again' | 'start_page', string>> & { readonly texts: Partial<Record<ErrorCode, readonly [string, string]>> }

const words: Record<string, Words> = {
  en: {
    again: 'Back to sign-in',
    start_page: 'Go to the start page',
    texts: {
      login_state_invalid: [
        'This sign-in has run out',
        'It took too long, was finished already, or was started in another browser. Start again here; your browser has to keep cookies.',
      ],
      provider_refused: [
        'You were not signed in',
        'The sign-in service did not confirm who you are. Perhaps it was cancelled; you can simply try again.',
      ],
      provider_answer_invalid: [
        'You were not signed in',
        'The sign-in service gave an answer that cannot be trusted. Try again; if it stays so, tell whoever runs this site.',
      ],
      provider_email_not_allowed: [
        'This account cannot sign in here',
        'Only accounts with a confirmed address of certain organisations can. Try another account.',
      ],
      provider_unreachable: ['The sign-in service does not answer', 'Try again in a moment. Nothing you did is wrong.'],
    },
  },
  fr: {
    again: 'Retour à la connexion',
    start_page: 'Aller à l’accueil',
    texts: {
      login_state_invalid: [
        'Cette connexion a expiré',
        'Elle a pris trop de temps, était déjà terminée ou a commencé dans un autre navigateur. Recommencez ici ; votre navigateur doit accepter les cookies.',
      ],
      provider_refused: [
        'Vous n’êtes pas connecté',
        'Le service de connexion n’a pas confirmé votre identité. Peut-être l’avez-vous annulé ; vous pouvez simplement réessayer.',
      ],
      provider_answer_invalid: [
        'Vous n’êtes pas connecté',
        'La réponse du service de connexion n’est pas digne de confiance. Réessayez ; si cela persiste, prévenez les responsables de ce site.',
      ],
      provider_email_not_allowed: [
        'Ce compte ne peut pas se connecter ici',
        'Seuls les comptes ayant une adresse confirmée de certaines organisations le peuvent. Essayez un autre compte.',
      ],
      provider_unreachable: ['Le service de connexion ne répond pas', 'Réessayez dans un instant. Vous n’avez rien fait de mal.'],
    },
  },
  ja: {
    again: 'ログインに戻る',
    start_page: 'トップページへ',
    texts: {
      login_state_invalid: [
        'このログインは無効になりました',
        '時間がかかりすぎたか、すでに完了したか、別のブラウザで開始されました。ここからやり直してください。ブラウザで Cookie を許可する必要があります。',
      ],
      provider_refused: [
        'ログインできませんでした',
        'ログインサービスで本人確認が完了しませんでした。キャンセルされた場合は、もう一度お試しください。',
      ],
      provider_answer_invalid: [
        'ログインできませんでした',
        'ログインサービスの応答を信頼できません。もう一度お試しください。解消しない場合は、サイトの管理者にお知らせください。',
      ],
      provider_email_not_allowed: [
        'このアカウントではログインできません',
        '特定の組織の確認済みアドレスを持つアカウントのみ使えます。別のアカウントをお試しください。',
      ],
      provider_unreachable: ['ログインサービスが応答しません', 'しばらくしてからもう一度お試しください。お客様の操作に問題はありません。'],
    },
  },
  ar: {
    again: 'العودة إلى تسجيل الدخول',
    start_page: 'إلى الصفحة الرئيسية',
    texts: {
      login_state_invalid: [
        'انتهت صلاحية محاولة الدخول هذه',
        'استغرقت وقتًا طويلًا، أو اكتملت من قبل، أو بدأت في متصفح آخر. ابدأ من جديد هنا، ويجب أن يقبل متصفحك ملفات تعريف الارتباط.',
      ],
      provider_refused: ['لم يتم تسجيل دخولك', 'لم تؤكد خدمة تسجيل الدخول هويتك. ربما أُلغيت العملية؛ يمكنك المحاولة مرة أخرى.'],
      provider_answer_invalid: [
        'لم يتم تسجيل دخولك',
        'أجابت خدمة تسجيل الدخول بما لا يمكن الوثوق به. حاول مرة أخرى؛ وإن تكرر ذلك فأخبر القائمين على هذا الموقع.',
      ],
      provider_email_not_allowed: [
        'لا يمكن لهذا الحساب تسجيل الدخول هنا',
        'يقتصر ذلك على الحسابات ذات العناوين المؤكدة لدى جهات معينة. جرّب حسابًا آخر.',
      ],
      provider_unreachable: ['خدمة تسجيل الدخول لا تستجيب', 'حاول مرة أخرى بعد قليل. لم تخطئ في شيء.'],
    },
  },
}

export function showProviderRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, returnTo }: { code: ErrorCode; returnTo: string },
): FastifyReply {
  const locale = requestLocale(request)
  const said = words[locale] ?? words['en']
  const { status, sentence, cure } = errors[code]
  const [title, text] = said?.texts[code] ?? [sentence, cure]
  const body = html`<p>${text}</p>
<p class="actions"><a class="button" href="${signInPath(returnTo)}" rel="nofollow">${said?.again}</a> <a class="button quiet" href="${homeOf(request, locale)}">${said?.start_page}</a></p>
${faultLine(request, code)}`
  return messagePage(request, reply, { status, title, body, locale })
}
