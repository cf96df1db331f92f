import type { Checklist, ChecklistId, ChecklistLine, CheckState } from '#shared/diagnosis.ts'
import { Icon, type IconName } from '#web/ui/icons.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Time } from '#web/ui/states.tsx'
import { useLive } from './live.ts'

const REFRESH_MS = 5000

const STATES: Record<CheckState, { icon: IconName; says: string }> = {
  ok: { icon: 'check', says: 'Holds' },
  warn: { icon: 'alert', says: 'Look at this' },
  fail: { icon: 'close', says: 'Broken' },
  unknown: { icon: 'dots', says: 'Not seen yet' },
}

/** Where a line is mended, as far as it is mended here. */
const MENDED_AT: Partial<Record<ChecklistId, { href: string; title: string }>> = {
  messenger: { href: '/settings/login/code', title: 'Code for your app' },
  secret: { href: '/settings/login/keys', title: 'Keys' },
  site: { href: '/settings/login/addresses', title: 'Addresses' },
  login_url: { href: '/settings/login/addresses', title: 'Addresses' },
  portal: { href: '/settings/login/enforcement', title: 'Enforcement' },
}

export function ChecklistTab() {
  const load = useLoad<Checklist>('/app/login/checklist')
  useLive(load.reload, REFRESH_MS)
  return <Loaded load={load}>{(checklist) => <Lines checklist={checklist} />}</Loaded>
}

function Lines({ checklist: { lines, host } }: { checklist: Checklist }) {
  const holding = lines.filter(({ state }) => state === 'ok').length
  return (
    <section class="stack" aria-label="Checklist">
      <p class="checklist-sum" role="status">
        <b>
          {holding} of {lines.length} hold
        </b>
        <span class="quiet">
          {host === null ? ' · there is no support host yet' : ` · seen from ${host}`} · looks again every five seconds
        </span>
      </p>
      <ol class="checklist">
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ol>
    </section>
  )
}

function Line({ line: { id, state, title, sentence, evidence, cure, code } }: { line: ChecklistLine }) {
  const { icon, says } = STATES[state]
  const place = state === 'ok' ? undefined : MENDED_AT[id]
  return (
    <li data-state={state}>
      <span class="state-mark">
        <Icon name={icon} />
      </span>
      <div class="stack tight">
        <h2>
          {title} <span class="state-word">{says}</span>
        </h2>
        {sentence !== null && <p>{sentence}</p>}
        {evidence.length > 0 && (
          <ul class="evidence">
            {evidence.map(({ text, at, origin }) => (
              <li key={`${text}${origin ?? ''}`}>
                {text}
                {origin !== null && <code>{origin}</code>}
                {at !== null && <Time at={at} />}
              </li>
            ))}
          </ul>
        )}
        {cure !== null && (
          <p class="cure">
            <b>Cure</b> {cure}
            {code !== null && <code>{code}</code>}
          </p>
        )}
        {place && (
          <p class="small">
            <a href={place.href}>{place.title}</a>
          </p>
        )}
      </div>
    </li>
  )
}
