import { doubtful, fine, wrong, type Finding } from './findings.ts'

/** A token may be this far off before it is refused. */
const LEEWAY_MS = 60_000
const NOTICEABLE_MS = 20_000
const FUTURE_MS = 5_000

/** `ahead`: the app's clock less Latchkey's, as its Date header tells. */
export function judgeAppClock(origin: string, ahead: number): Finding {
  const evidence = `The Date header of ${origin} is ${span(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} Latchkey’s clock.`
  const code = ahead > 0 ? 'app_clock_ahead' : 'app_clock_behind'
  if (Math.abs(ahead) > LEEWAY_MS) return wrong('clock', code, evidence)
  if (Math.abs(ahead) > NOTICEABLE_MS) return doubtful('clock', code, evidence)
  return fine('clock', `The Date header of ${origin} agrees with Latchkey’s clock.`)
}

/** `age`: Latchkey's clock less the token's `iat`. Only a token from the future proves a clock wrong. */
export function judgeTokenAge(age: number, what: string): Finding {
  if (age >= -FUTURE_MS) return fine('clock', `${what} was ${span(age)} old when it arrived.`)
  const evidence = `${what} was signed ${span(age)} in the future, by Latchkey’s clock.`
  return age < -LEEWAY_MS ? wrong('clock', 'app_clock_ahead', evidence) : doubtful('clock', 'app_clock_ahead', evidence)
}

/** `off`: Latchkey's clock less this machine's. */
export function judgeOwnClock(off: number): Finding {
  if (Math.abs(off) < LEEWAY_MS / 2) return fine('clock', 'Latchkey’s clock and this machine’s agree.')
  return doubtful('clock', 'support_clock_off', `Latchkey’s clock is ${span(off)} ${off > 0 ? 'ahead of' : 'behind'} this machine’s.`)
}

/** "10 minutes", "45 seconds". */
export function span(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000)
  const [count, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [Math.round(seconds / 60), 'minute'] : [Math.round(seconds / 3600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
