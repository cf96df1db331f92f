import { useState } from 'preact/hooks'
import type { LoginPlatform, NewKeyAnswer } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { PlatformChecks } from './platform-checks.tsx'
import { PLATFORMS } from './platforms.ts'

interface AddSecretProps {
  onMade: (made: NewKeyAnswer) => void
  onClose: () => void
  reload: () => Promise<void>
}

export function AddSecret({ onMade, onClose, reload }: AddSecretProps) {
  const [chosen, choose] = useState<LoginPlatform[]>([...PLATFORMS])
  return (
    <Dialog title="Add a messenger secret" onClose={onClose}>
      <Form
        submit="Make the secret"
        onSubmit={async ({ name = '' }) => {
          onMade(await api<NewKeyAnswer>('POST', '/app/login/keys', { name, platforms: chosen }))
          await reload()
        }}
        actions={<Button onClick={onClose}>Cancel</Button>}
      >
        {(problemOf) => (
          <>
            <TextField
              label="Name"
              name="name"
              placeholder="Production backend"
              hint="For you, to know it by."
              problem={problemOf('name')}
            />
            <PlatformChecks chosen={chosen} onChange={choose} />
          </>
        )}
      </Form>
    </Dialog>
  )
}
