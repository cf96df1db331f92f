import { useState } from 'preact/hooks'
import type { EnforcementAnswer, EnforcementLevel, LoginPlatform, LoginSettings } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { api } from '#web/ui/api.ts'
import { Confirm } from '#web/ui/confirm.tsx'
import { Switch } from '#web/ui/field.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { showFailure, toast } from '#web/ui/toast.tsx'
import { EnforcementReport } from './enforcement-report.tsx'
import { useLive } from './live.ts'
import { PLATFORM_NAMES, PLATFORMS } from './platforms.ts'
import { ReadOnly } from './read-only.tsx'
import { SectionHead } from './section-head.tsx'

const REFRESH_MS = 10_000
const LEVELS: { level: EnforcementLevel; title: string; says: string }[] = [
  { level: 'enforce', title: 'Enforce', says: 'Who names a user proves it, or is refused.' },
  { level: 'report', title: 'Report', says: 'Lets claims in, labelled and shut out of every history. Counts what enforcing would refuse.' },
  { level: 'off', title: 'Off', says: 'Lets claims in the same way, for an installation that is not ready.' },
]

export function EnforcementTab() {
  const load = useLoad<LoginSettings>('/app/login/settings')
  const save = async (change: object) => {
    await api('PUT', '/app/login/settings', change).then(() => toast('Saved. It holds within a second.'), showFailure)
    await load.reload()
  }
  return (
    <Loaded load={load}>
      {(settings) => (
        <div class="stack wide">
          <ReadOnly />
          {PLATFORMS.map((platform) => (
            <PlatformPanel key={platform} platform={platform} level={settings.enforcement[platform]} save={save} />
          ))}
          <section class="panel">
            <SectionHead title="Besides" />
            <Switches settings={settings} save={save} />
          </section>
        </div>
      )}
    </Loaded>
  )
}

interface PlatformPanelProps {
  platform: LoginPlatform
  level: EnforcementLevel
  save: (change: object) => Promise<void>
}

function PlatformPanel({ platform, level, save }: PlatformPanelProps) {
  const load = useLoad<EnforcementAnswer>(`/app/login/enforcement/${platform}`)
  const [asking, ask] = useState<EnforcementLevel>()
  useLive(load.reload, REFRESH_MS)
  const refused = load.answer?.refused ?? 0
  const choose = (next: EnforcementLevel) => {
    if (next === level) return
    if (next === 'enforce' && refused === 0) void save({ enforcement: { [platform]: next } })
    else ask(next)
  }
  return (
    <section class="panel enforcement" aria-label={PLATFORM_NAMES[platform]}>
      <fieldset class="levels" disabled={!can('settings:write')}>
        <legend>{PLATFORM_NAMES[platform]}</legend>
        {LEVELS.map((one) => (
          <label key={one.level}>
            <input
              type="radio"
              name={`enforcement-${platform}`}
              value={one.level}
              checked={one.level === level}
              onChange={(event) => {
                // What is shown is what holds: the choice moves when it was saved.
                event.currentTarget.checked = one.level === level
                choose(one.level)
              }}
            />
            <span>
              <b>{one.title}</b>
              <span class="quiet">{one.says}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Loaded load={load}>{(report) => <EnforcementReport report={report} isEnforced={level === 'enforce'} />}</Loaded>
      {asking && (
        <Confirm
          title={asking === 'enforce' ? `Enforce on ${PLATFORM_NAMES[platform]}?` : `Stop enforcing on ${PLATFORM_NAMES[platform]}?`}
          action={asking === 'enforce' ? 'Enforce' : `Set to ${asking}`}
          onConfirm={() => save({ enforcement: { [platform]: asking } })}
          onClose={() => ask(undefined)}
        >
          {asking === 'enforce' ? (
            <p>
              Of the last {load.answer?.boots} boots {refused} would have been refused. The report says why, and from where.
            </p>
          ) : (
            <p>Anybody can claim to be anybody. A claim is labelled everywhere and sees no history, but teammates will read it.</p>
          )}
        </Confirm>
      )}
    </section>
  )
}

function Switches({ settings, save }: { settings: LoginSettings; save: (change: object) => Promise<void> }) {
  const [round, setRound] = useState(0)
  const mayWrite = can('settings:write')
  const change = (field: string) => (isOn: boolean) => void save({ [field]: isOn }).finally(() => setRound(round + 1))
  return (
    <fieldset class="stack" disabled={!mayWrite} key={round}>
      <legend class="unseen">Besides</legend>
      <Switch
        label="Tokens need an exp"
        name="require_exp"
        isOn={settings.require_exp}
        hint="A token without one never runs out. Doors that take a token by address need it in any case."
        onChange={change('require_exp')}
      />
      <Switch
        label="Test mode"
        name="test_mode"
        isOn={settings.test_mode}
        hint="The browser console of your app names the precise fault and its cure. Off in production: it tells an attacker as much."
        onChange={change('test_mode')}
      />
      <Switch
        label="Tickets Portal"
        name="portal_on"
        isOn={settings.portal_on}
        hint="At /tickets on every support host."
        onChange={change('portal_on')}
      />
    </fieldset>
  )
}
