import { useState } from 'preact/hooks'
import type { KeyRow, RetiredKeyAnswer } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Confirm } from '#web/ui/confirm.tsx'
import { Switch } from '#web/ui/field.tsx'
import { Notice, Time } from '#web/ui/states.tsx'
import { toast } from '#web/ui/toast.tsx'

const HOUR_MS = 3_600_000

interface RetireKeyProps {
  keyRow: KeyRow
  reload: () => Promise<void>
  onClose: () => void
}

export function RetireKey({ keyRow, reload, onClose }: RetireKeyProps) {
  const [endSessions, setEndSessions] = useState(false)
  const { name, kid, last_used_at } = keyRow
  const isInUse = last_used_at !== null && Date.now() - last_used_at < HOUR_MS
  const retire = async () => {
    const { sessions_ended } = await api<RetiredKeyAnswer>('PUT', `/app/login/keys/${kid}/retired`, { end_sessions: endSessions })
    toast(endSessions ? `“${name}” is retired, and ${sessions_ended} sessions have ended.` : `“${name}” is retired. Its sessions go on.`)
    await reload()
  }
  return (
    <Confirm title={`Retire “${name}”?`} action="Retire" onConfirm={retire} onClose={onClose}>
      <div class="stack">
        {isInUse && (
          <Notice tone="waiting">
            It signed somebody in <Time at={last_used_at} />: something of yours still uses it.
          </Notice>
        )}
        <p>Its tokens are refused everywhere within a second. It cannot be taken back.</p>
        <Switch
          label="End the sessions it started"
          name="end_sessions"
          isOn={endSessions}
          hint="If it leaked. Its users are signed out of Messenger, Help Center and portal at once."
          onChange={setEndSessions}
        />
      </div>
    </Confirm>
  )
}
