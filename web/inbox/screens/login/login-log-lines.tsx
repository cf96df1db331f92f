import { useState } from 'preact/hooks'
import type { LoginLogRow } from '#shared/login-settings.ts'
import { Badge, type Tone } from '#web/ui/states.tsx'

/** What the log calls an outcome, in words. */
export const sayOutcome = (outcome: string): string => OUTCOMES[outcome]?.says ?? outcome

const OUTCOMES: Record<string, { says: string; tone: Tone }> = {
  signed_in: { says: 'signed in', tone: 'good' },
  resumed: { says: 'goes on', tone: 'good' },
  visitor: { says: 'visitor', tone: 'neutral' },
  claimed: { says: 'claimed', tone: 'waiting' },
  waiting: { says: 'was asked', tone: 'waiting' },
  signed_out: { says: 'signed out', tone: 'neutral' },
  refused: { says: 'refused', tone: 'danger' },
}

/** One line per decision; a line with a code opens to its cause and cure. */
export const LoginLogLines = ({ rows }: { rows: LoginLogRow[] }) => (
  <div class="table-wrap log">
    <table>
      <caption class="unseen">Login decisions, the newest first</caption>
      <thead>
        <tr>
          {['Time', 'Outcome', 'User', 'Door', 'Origin', 'Key'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  </div>
)

function Line({ row }: { row: LoginLogRow }) {
  const [isOpen, setOpen] = useState(false)
  const { id, at, outcome, code, user_id, door, origin, kid, platform } = row
  const { says, tone } = OUTCOMES[outcome] ?? { says: outcome, tone: 'neutral' }
  return (
    <>
      <tr data-outcome={outcome}>
        <th scope="row">
          <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
            {clock(at)}
          </time>
        </th>
        <td data-title="Outcome">
          <span class="outcome">
            <Badge tone={tone}>{says}</Badge>
            {code !== null && (
              <button
                type="button"
                class="code-button"
                aria-expanded={isOpen}
                aria-controls={`cure-${id}`}
                onClick={() => setOpen(!isOpen)}
              >
                {code}
              </button>
            )}
          </span>
        </td>
        <td data-title="User">{user_id === null ? <span class="quiet none">–</span> : <code title={user_id}>{user_id}</code>}</td>
        <td data-title="Door">
          {door}
          {platform !== 'web' && <span class="quiet"> · {platform}</span>}
        </td>
        <td data-title="Origin">
          {origin === null ? <span class="quiet none">–</span> : <span class="address">{origin.replace(/^https:\/\//, '')}</span>}
        </td>
        <td data-title="Key">{kid === null ? <span class="quiet none">–</span> : <code>{kid}</code>}</td>
      </tr>
      {isOpen && (
        <tr class="cure-row" id={`cure-${id}`}>
          <td colSpan={6}>
            <p>{row.sentence ?? 'This code is not in the catalogue any more.'}</p>
            {row.hint !== null && <p>{row.hint}</p>}
            {row.cure !== null && (
              <p class="cure">
                <b>Cure</b> {row.cure}
              </p>
            )}
          </td>
        </tr>
      )}
    </>
  )
}

/** The time today, else with its day. */
function clock(at: number): string {
  const date = new Date(at)
  const time = date.toLocaleTimeString('en-GB')
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${date.toLocaleDateString('en', { day: 'numeric', month: 'short' })} ${time}`
}
