const segmenters = new Map<string, Intl.Segmenter>()
const LETTERS: Record<string, string> = {
  ß: 'ss',
  œ: 'oe',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ى: 'ي',
  ة: 'ه',
  ٱ: 'ا',
  ـ: '',
}

/** l’été is found as été. */
const ELIDING = /^(?:fr|it|ca|oc)\b/
const ELISION = /^(?:\p{L}{1,2}|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|dell|nell|all|sull|un)['’](?=\p{L})/iu

export interface Word {
  /** As the index knows it. */
  term: string
  start: number
  end: number
}

/** Case, width and accents do not matter, nor Arabic vowel points and spellings of alef, ya and ta marbuta. */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ßœæøłđðþıىةٱـ]/g, (letter) => LETTERS[letter] ?? letter)
}

/** Words as the language cuts them, also where it writes no spaces. */
export function wordsOf(text: string, locale: string): Word[] {
  const words: Word[] = []
  for (const { segment, index, isWordLike } of segmenterOf(locale).segment(text)) {
    if (!isWordLike) continue
    const elided = ELIDING.test(locale) ? (ELISION.exec(segment)?.[0].length ?? 0) : 0
    words.push({ term: fold(segment.slice(elided)), start: index + elided, end: index + segment.length })
  }
  return words
}

/** Scripts without spaces: one character is a word there. */
export function isDense(term: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(term)
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function segmenterOf(locale: string): Intl.Segmenter {
  const known = segmenters.get(locale)
  if (known) return known
  const segmenter = new Intl.Segmenter(Intl.Segmenter.supportedLocalesOf([locale])[0] ?? 'en', { granularity: 'word' })
  segmenters.set(locale, segmenter)
  return segmenter
}
