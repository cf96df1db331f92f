import type { TeammateRow } from '#shared/inbox.ts'
import { api } from '#web/ui/api.ts'
import { Confirm } from '#web/ui/confirm.tsx'
import { toast } from '#web/ui/toast.tsx'

interface ResetStepProps {
  teammate: TeammateRow
  onDone: () => Promise<void>
  onClose: () => void
}

export function ResetStepDialog({ teammate, onDone, onClose }: ResetStepProps) {
  const reset = async () => {
    await api('DELETE', `/app/teammates/${teammate.id}/second-step`)
    toast(`${teammate.name} signs in with the password alone now.`)
    await onDone()
  }
  return (
    <Confirm title={`Reset the second step of ${teammate.name}?`} action="Reset" onConfirm={reset} onClose={onClose}>
      <p>
        For somebody who lost their phone and their recovery codes: make sure that it is really they who ask. They are signed out at once,
        told by mail where mail is sent, and sign in with the password alone until they set it up again.
      </p>
    </Confirm>
  )
}
