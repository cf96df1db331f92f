import { shown, type Hint, type HintContext } from './hint.ts'

/** Seconds of the year 5138: a greater number counts something smaller than seconds. */
export const LATER_THAN_SECONDS = 1e11
/** Seconds of 1990: a smaller number is a span, not a moment. */
const EARLIER_THAN_TOKENS = 631_152_000
const HALF_AN_HOUR = 1800
const FARTHEST_ZONE = 14.25 * 3600
/** What a token of a few minutes is off, when its half hours are. */
const SHORT_LIFE = 330

const NAMES = ['exp', 'nbf', 'iat']
const UNITS = [
  [1e17, 'nanoseconds', '1,000,000,000'],
  [1e14, 'microseconds', '1,000,000'],
  [LATER_THAN_SECONDS, 'milliseconds', '1000'],
] as const

export const inMilliseconds: Hint = ({ peek: { payload } }) => {
  const names = NAMES.filter((name) => Number(payload?.get(name)) > LATER_THAN_SECONDS)
  const greatest = Math.max(...names.map((name) => Number(payload?.get(name))))
  const [, unit, divisor] = UNITS.find(([least]) => greatest > least) ?? []
  return unit !== undefined && `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} in ${unit}: divide by ${divisor} and round down.`
}

const isSpan: Hint = ({ peek: { payload } }) => {
  const exp = Number(payload?.get('exp'))
  if (exp >= EARLIER_THAN_TOKENS) return undefined
  return exp <= 0 ? `exp is ${exp}: leave it out, or write now + 120.` : `exp is ${exp}, a span and not a moment: write now + ${exp}.`
}

const expiredAgo: Hint = ({ peek: { payload }, now }) => {
  const exp = Number(payload?.get('exp'))
  const iat = payload?.get('iat')
  const life = typeof iat === 'number' ? exp - iat : undefined
  if (life !== undefined && life <= 0) return 'Its exp is not after its iat: it was expired when it was signed.'
  const zone = isZone(typeof iat === 'number' ? now / 1000 - iat : now / 1000 - exp)
    ? ' Or its times count in a time zone: Unix time is UTC.'
    : ''
  return `It expired ${duration(now / 1000 - exp)} ago. Sign it for the request that shows the page; do not cache it, and check the signing server’s clock.${zone}`
}

const clockAhead: Hint = ({ peek: { payload }, now }) => {
  const ahead = (name: string) => Number(payload?.get(name) ?? Number.NaN) - now / 1000
  const [iat, nbf] = [ahead('iat'), ahead('nbf')]
  if (!(iat > 60)) return `Its nbf is ${duration(nbf)} from now: the token itself says that nobody may use it before. Leave nbf out.`
  const most = Math.max(...[iat, nbf].filter(Number.isFinite))
  const zone = isZone(most) ? ' Or it counts in a time zone: Unix time is UTC.' : ''
  return `The signing server’s clock is ${duration(most)} ahead of ours.${zone}`
}

const textTimes: Hint = ({ peek: { payload } }) => {
  const names = NAMES.filter((name) => payload?.has(name) && typeof payload.get(name) !== 'number')
  const first = payload?.get(names[0] ?? '')
  if (first === null) return `${names.join(' and ')} must be a JSON number; here it is null: leave out what you do not set.`
  return names.length > 0 && `${names.join(' and ')} must be a JSON number; here it is ${shown(first)}.`
}

const livesFor: Hint = ({ peek: { payload }, now }) => {
  const life = Number(payload?.get('exp')) - now / 1000
  const zone = isZone(life) ? ' Or its exp counts in a time zone: Unix time is UTC.' : ''
  return `It lives ${duration(life)} from now; this door takes at most 5 minutes. Sign a token of its own for it.${zone}`
}

const signedAgo: Hint = ({ peek: { payload }, now }) => {
  const age = now / 1000 - Number(payload?.get('iat'))
  const zone = isZone(age) ? ' Or its iat counts in a time zone: Unix time is UTC.' : ''
  return `It was signed ${duration(age)} ago. Sign it at the moment of the redirect, and check the signing server’s clock.${zone}`
}

export const TOO_OLD_HINTS: readonly Hint[] = [signedAgo]
export const EXPIRED_HINTS: readonly Hint[] = [isSpan, expiredAgo]
export const TEXT_TIMES_HINTS: readonly Hint[] = [textTimes]
export const TOO_LONG_HINTS: readonly Hint[] = [inMilliseconds, (context: HintContext) => !inMilliseconds(context) && livesFor(context)]
export const TOO_EARLY_HINTS: readonly Hint[] = [inMilliseconds, (context: HintContext) => !inMilliseconds(context) && clockAhead(context)]

/** Off by whole or half hours, as a local time taken for UTC is. */
function isZone(seconds: number): boolean {
  const off = Math.abs(seconds - Math.round(seconds / HALF_AN_HOUR) * HALF_AN_HOUR)
  return seconds > HALF_AN_HOUR / 2 && seconds < FARTHEST_ZONE && off < SHORT_LIFE
}

export function duration(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    const count = Math.floor(seconds / size + 0.05)
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return `${Math.max(0, Math.round(seconds))} seconds`
}
