import type { CountRow, EnforcementAnswer } from '#shared/login-settings.ts'
import { Time } from '#web/ui/states.tsx'

/** What enforcing does, or would do, to the last boots: how many, why, and from where. */
export function EnforcementReport({ report, isEnforced }: { report: EnforcementAnswer; isEnforced: boolean }) {
  const { boots, since, refused, proved, unnamed, reasons, origins } = report
  if (boots === 0) return <p class="quiet report-empty">Nothing has booted on this platform yet.</p>
  return (
    <div class="report stack tight">
      <p>
        Of the last <b>{boots.toLocaleString('en')}</b> boots <b class={refused > 0 ? 'bad' : undefined}>{percent(refused, boots)}</b>{' '}
        {isEnforced ? 'were refused' : 'would be refused'}
        {refused > 0 && origins.length > 0 && <>, from {list(origins)}</>}.
      </p>
      <Bar boots={boots} parts={{ proved, unnamed, refused }} />
      {reasons.length > 0 && (
        <ul class="reasons">
          {reasons.map(({ of, times, sentence, cure, origins }) => (
            <li key={of}>
              <details>
                <summary>
                  <span class="times">{times.toLocaleString('en')}</span>
                  <span>{sentence || of}</span>
                </summary>
                <div class="stack tight">
                  {cure && (
                    <p class="cure">
                      <b>Cure</b> {cure}
                    </p>
                  )}
                  <p class="quiet small">From {list(origins)}.</p>
                  <p class="small">
                    <a href={`/settings/login/log?door=boot&code=${of}`}>See them in the login log</a>
                  </p>
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
      {since !== null && (
        <p class="quiet small">
          The oldest of them was <Time at={since} />.
        </p>
      )}
    </div>
  )
}

const WORDS = { proved: 'proved by a token', unnamed: 'visitors and standing sessions', refused: 'without a valid proof' }

function Bar({ boots, parts }: { boots: number; parts: Record<keyof typeof WORDS, number> }) {
  const shown = (Object.keys(WORDS) as (keyof typeof WORDS)[]).filter((part) => parts[part] > 0)
  return (
    <>
      <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {shown.map((part, index) => (
          <rect
            key={part}
            data-part={part}
            x={(shown.slice(0, index).reduce((sum, one) => sum + parts[one], 0) / boots) * 100}
            width={(parts[part] / boots) * 100}
            height="4"
          />
        ))}
      </svg>
      <ul class="legend">
        {shown.map((part) => (
          <li key={part} data-part={part}>
            {parts[part].toLocaleString('en')} {WORDS[part]}
          </li>
        ))}
      </ul>
    </>
  )
}

function percent(part: number, whole: number): string {
  const share = (part / whole) * 100
  if (part > 0 && share < 0.1) return 'under 0.1 %'
  return `${share.toLocaleString('en', { maximumFractionDigits: share < 10 ? 1 : 0 })} %`
}

function list(rows: CountRow[]): string {
  const names = rows.slice(0, 3).map(({ of, times }) => `${of ?? 'no browser'} (${times})`)
  return rows.length > 3 ? `${names.join(', ')} and ${rows.length - 3} more` : names.join(', ')
}
