import { useState } from 'preact/hooks'
import type { LinkAnswer, TeammateRole } from '#shared/inbox.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { SelectField, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { ROLE_HINTS, roleOptions } from './roles.ts'

interface InviteDialogProps {
  roles: TeammateRole[]
  onInvited: (link: LinkAnswer) => Promise<void>
  onClose: () => void
}

export function InviteDialog({ roles, onInvited, onClose }: InviteDialogProps) {
  const [role, setRole] = useState<TeammateRole>('agent')
  return (
    <Dialog title="Invite a teammate" onClose={onClose}>
      <Form
        submit="Make the link"
        onSubmit={async ({ email = '' }) => onInvited(await api<LinkAnswer>('POST', '/app/invites', { email, role }))}
        actions={<Button onClick={onClose}>Cancel</Button>}
      >
        {(problemOf) => (
          <>
            <TextField label="E-mail address" name="email" type="email" problem={problemOf('email')} />
            <SelectField label="Role" name="role" value={role} options={roleOptions(roles)} hint={ROLE_HINTS[role]} onChange={setRole} />
            <p class="quiet">The link works once, within a day.</p>
          </>
        )}
      </Form>
    </Dialog>
  )
}
