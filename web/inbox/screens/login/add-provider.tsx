import type { ProviderRow } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { toast } from '#web/ui/toast.tsx'

export function AddProvider({ onClose, reload }: { onClose: () => void; reload: () => Promise<void> }) {
  const add = async ({ name, issuer, client_id, client_secret = '', email_domains = '' }: Record<string, string>) => {
    const domains = email_domains.split(/[\s,]+/).filter(Boolean)
    const body = { name, issuer, client_id, email_domains: domains, ...(client_secret !== '' && { client_secret }) }
    const row = await api<ProviderRow>('POST', '/app/login/providers', body)
    toast(`Readers may sign in with ${row.name} now.`)
    onClose()
    await reload()
  }
  return (
    <Dialog title="Add a provider" onClose={onClose}>
      <Form submit="Add it" onSubmit={add} actions={<Button onClick={onClose}>Cancel</Button>}>
        {(problemOf) => (
          <>
            <TextField
              label="Name"
              name="name"
              placeholder="Acme"
              hint="Stands on the button: Sign in with Acme."
              problem={problemOf('name')}
            />
            <TextField label="Issuer" name="issuer" type="url" isCode placeholder="https://id.example.com" problem={problemOf('issuer')} />
            <TextField label="Client ID" name="client_id" isCode problem={problemOf('client_id')} />
            <TextField
              label="Client secret"
              name="client_secret"
              type="password"
              isOptional
              isCode
              autocomplete="off"
              hint="It is kept encrypted and never shown again."
              problem={problemOf('client_secret')}
            />
            <TextField
              label="Only these mail domains"
              name="email_domains"
              isOptional
              isCode
              placeholder="acme.com"
              hint="Without one, everybody whom the provider knows may sign in."
              problem={problemOf('email_domains')}
            />
          </>
        )}
      </Form>
    </Dialog>
  )
}
