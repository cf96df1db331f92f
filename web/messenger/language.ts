import { computed, signal } from '@preact/signals'
import { dictionaries, type Words } from './words.ts'

/** What the page or the browser asked for, e.g. `fr-CA`. */
export const locale = signal(navigator.language || 'en')

const spoken = computed(() => {
  const language = locale.value.toLowerCase().split(/[-_]/)[0] ?? 'en'
  return Object.hasOwn(dictionaries, language) ? language : 'en'
})

export const words = computed(() => dictionaries[spoken.value] as Words)

export const direction = computed(() => (spoken.value === 'ar' ? 'rtl' : 'ltr'))

/** The locale of dates: the asked one when we speak its language, else that of our words. */
const dateLocale = computed(() => {
  try {
    return locale.value.toLowerCase().startsWith(spoken.value) ? Intl.getCanonicalLocales(locale.value.replace('_', '-'))[0] : spoken.value
  } catch {
    return spoken.value
  }
})

export const spokenLanguage = spoken

/** Fills `{name}` and `{count}`. */
export const fill = (sentence: string, values: Record<string, string | number>) =>
  sentence.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''))

export const formatTime = (at: number) => new Intl.DateTimeFormat(dateLocale.value, { timeStyle: 'short' }).format(at)

export const dayOf = (at: number) => new Date(at).setHours(0, 0, 0, 0)

export function formatDay(at: number, now = Date.now()) {
  const days = Math.round((dayOf(at) - dayOf(now)) / 86_400_000)
  if (days >= -1 && days <= 0) {
    const name = new Intl.RelativeTimeFormat(dateLocale.value, { numeric: 'auto' }).format(days, 'day')
    return name.charAt(0).toLocaleUpperCase(dateLocale.value) + name.slice(1)
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(dateLocale.value, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  }).format(at)
}

export function formatAgo(at: number, now = Date.now()) {
  const minutes = Math.max(0, Math.round((now - at) / 60_000))
  if (minutes < 1) return words.value.just_now
  const format = new Intl.RelativeTimeFormat(dateLocale.value, { style: 'narrow' })
  if (minutes < 60) return format.format(-minutes, 'minute')
  if (minutes < 24 * 60) return format.format(-Math.round(minutes / 60), 'hour')
  if (minutes < 7 * 24 * 60) return format.format(-Math.round(minutes / 1440), 'day')
  return new Intl.DateTimeFormat(dateLocale.value, { day: 'numeric', month: 'short' }).format(at)
}
