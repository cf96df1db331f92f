import { html, type Html } from '#platform/html/html.ts'

/** A short mail with one thing to do. Every text is the house's own words, in the language of `locale`. */
export interface Letter {
  locale: string
  /** Who writes: the workspace's name. */
  from: string
  heading: string
  paragraphs: readonly string[]
  button: { label: string; href: string }
  /** What to do if it was not asked for. */
  footer: string
  color?: string
}

const OR_OPEN: Record<string, string> = {
  en: 'Or open this address:',
  fr: 'Ou ouvrez cette adresse :',
  ja: 'または、次のアドレスを開いてください：',
  ar: 'أو افتح هذا العنوان:',
}
const RIGHT_TO_LEFT = new Set(['ar', 'he', 'fa', 'ur'])
const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"

/** The same words twice: plain text for everybody, and simple HTML without images, scripts or outside styles. */
export function composeLetter(letter: Letter): { text: string; html: string } {
  return { text: plainText(letter), html: markup(letter).text }
}

function plainText({ locale, from, heading, paragraphs, button, footer }: Letter): string {
  return [heading, ...paragraphs, `${button.label}${colonOf(locale)}\n${button.href}`, footer, `-- \n${from}`].join('\n\n').concat('\n')
}

function markup({ locale, from, heading, paragraphs, button, footer, color = '#0f766e' }: Letter): Html {
  const dir = RIGHT_TO_LEFT.has(locale) ? 'rtl' : 'ltr'
  const quiet = 'margin:0 0 8px;font-size:14px;line-height:1.5;opacity:.75'
  return html`<!doctype html>
<html lang="${locale}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
</head>
<body style="margin:0;padding:24px 16px;${FONT}">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr><td align="center">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:520px"><tr><td style="text-align:start" dir="${dir}">
<p style="margin:0 0 24px;font-size:15px;font-weight:600">${from}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${heading}</h1>
${paragraphs.map(
  (paragraph) => html`<p style="margin:0 0 16px;font-size:16px;line-height:1.6">${paragraph}</p>
`,
)}<p style="margin:24px 0"><a href="${button.href}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:${color};color:${inkOn(color)};font-size:16px;font-weight:600;text-decoration:none">${button.label}</a></p>
<p style="${quiet}">${OR_OPEN[locale] ?? OR_OPEN['en']}</p>
<p style="${quiet};word-break:break-all" dir="ltr"><a href="${button.href}" style="color:inherit">${button.href}</a></p>
<p style="${quiet};margin-top:24px">${footer}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

/** Black or white, whichever is easier to read on this colour (WCAG 2.2, relative luminance). */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff'
}

function colonOf(locale: string): string {
  return { fr: ' :', ja: '：' }[locale] ?? ':'
}
