import { useState } from 'preact/hooks'
import type { RecoveryCodesAnswer, SecondStepAnswer, SecondStepDraft } from '#shared/inbox.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge, Notice, Time } from '#web/ui/states.tsx'
import { toast } from '#web/ui/toast.tsx'
import { CodeDialog } from './code-dialog.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SetUpSecondStep } from './set-up-second-step.tsx'

const FEW = 3

interface Shown {
  draft?: SecondStepDraft
  codes?: string[]
  asking?: 'renew' | 'turn off'
}

/** Of the teammate's own sign-in: off, on, and the codes for the day the phone is gone. */
export function SecondStep({ onChanged }: { onChanged: () => Promise<void> }) {
  const load = useLoad<SecondStepAnswer>('/app/second-step')
  const [shown, show] = useState<Shown>({})
  const close = () => show({})
  const showCodes = async ({ recovery_codes }: RecoveryCodesAnswer) => {
    show({ codes: recovery_codes })
    await Promise.all([load.reload(), onChanged()])
  }
  const turnOff = async (code: string) => {
    await api('DELETE', '/app/second-step', { code })
    close()
    toast('Your second step is off. The password alone signs you in.')
    await load.reload()
  }
  return (
    <>
      <Loaded load={load}>{(step) => (step.turned_on_at === null ? <Off show={show} /> : <On step={step} show={show} />)}</Loaded>
      {shown.draft && <SetUpSecondStep draft={shown.draft} onDone={showCodes} onClose={close} />}
      {shown.codes && <RecoveryCodes codes={shown.codes} onClose={close} />}
      {shown.asking === 'renew' && (
        <CodeDialog
          title="Make new recovery codes"
          action="Make ten new codes"
          onCode={async (code) => showCodes(await api<RecoveryCodesAnswer>('POST', '/app/second-step/recovery-codes', { code }))}
          onClose={close}
        >
          The codes you have now stop working.
        </CodeDialog>
      )}
      {shown.asking === 'turn off' && (
        <CodeDialog title="Turn the second step off" action="Turn off" look="danger" onCode={turnOff} onClose={close}>
          Whoever learns your password can then sign in as you.
        </CodeDialog>
      )}
    </>
  )
}

function Off({ show }: { show: (shown: Shown) => void }) {
  const begin = async () => show({ draft: await api<SecondStepDraft>('POST', '/app/second-step/drafts') })
  return (
    <div class="stack">
      <p>
        Besides your password, the sign-in asks for a code of an authenticator app on your phone. Whoever learns your password can do
        nothing with it alone.
      </p>
      <div class="actions">
        <Button look="primary" onClick={begin}>
          Set up
        </Button>
      </div>
    </div>
  )
}

function On({ step: { turned_on_at, recovery_codes_left }, show }: { step: SecondStepAnswer; show: (shown: Shown) => void }) {
  return (
    <div class="stack">
      <p>
        <Badge tone="good">on</Badge> since <Time at={turned_on_at ?? 0} />. The sign-in asks for a code of your authenticator app.
      </p>
      {recovery_codes_left <= FEW ? (
        <Notice tone="waiting">
          {recovery_codes_left === 0 ? 'No recovery code is left.' : `Only ${recovery_codes_left} of your recovery codes are left.`} Make
          new ones before you need them.
        </Notice>
      ) : (
        <p class="quiet">{recovery_codes_left} recovery codes are left, for the day your phone is not at hand.</p>
      )}
      <div class="actions">
        <Button onClick={() => show({ asking: 'renew' })}>New recovery codes</Button>
        <Button look="quiet" onClick={() => show({ asking: 'turn off' })}>
          Turn off
        </Button>
      </div>
    </div>
  )
}
