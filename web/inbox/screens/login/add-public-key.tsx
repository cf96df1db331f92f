import { useState } from 'preact/hooks'
import type { KeyAlgorithm, KeyRow, LoginPlatform } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { SelectField, Switch, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { toast } from '#web/ui/toast.tsx'
import { PlatformChecks } from './platform-checks.tsx'
import { PLATFORMS } from './platforms.ts'

const ALGORITHMS: KeyAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA']
const PLACES = [
  { value: 'jwks', label: 'where the issuer publishes it (JWKS)' },
  { value: 'pasted', label: 'pasted here (PEM or JWK)' },
] as const

/** Tokens that an identity provider signs, taken as they are. */
export function AddPublicKey({ onClose, reload }: { onClose: () => void; reload: () => Promise<void> }) {
  const [chosen, choose] = useState<LoginPlatform[]>([...PLATFORMS])
  const [place, setPlace] = useState<(typeof PLACES)[number]['value']>('jwks')
  const [mayAssert, setMayAssert] = useState(false)
  const add = async ({ name, algorithm, issuer, audience, claims = '', url, text }: Record<string, string>) => {
    const key = { name, algorithm, issuer, audience, platforms: chosen, claims: readMapping(claims) }
    const row =
      place === 'jwks'
        ? await api<KeyRow>('POST', '/app/login/jwks', { ...key, url, may_assert_user_id: mayAssert })
        : await api<KeyRow>('POST', '/app/login/public-keys', { ...key, text })
    toast(`Tokens of ${row.issuer} sign in from now on.`)
    onClose()
    await reload()
  }
  return (
    <Dialog title="Add a public key" onClose={onClose}>
      <Form submit="Add it" onSubmit={add} actions={<Button onClick={onClose}>Cancel</Button>}>
        {(problemOf) => (
          <>
            <TextField label="Name" name="name" placeholder="Identity provider" problem={problemOf('name')} />
            <SelectField label="The key is" name="place" value={place} options={PLACES} onChange={setPlace} />
            {place === 'jwks' ? (
              <TextField
                label="Address of the JWKS"
                name="url"
                type="url"
                isCode
                placeholder="https://id.example.com/.well-known/jwks.json"
                problem={problemOf('url')}
              />
            ) : (
              <TextField
                label="Public key"
                name="text"
                lines={5}
                isCode
                placeholder="-----BEGIN PUBLIC KEY-----"
                problem={problemOf('text')}
              />
            )}
            <TokenFields problemOf={problemOf} />
            {place === 'jwks' && (
              <Switch
                label="It may say who your users are"
                name="may_assert_user_id"
                isOn={mayAssert}
                hint="On: what it calls a person is your user_id. Off: its people are contacts of their own."
                onChange={setMayAssert}
              />
            )}
            <PlatformChecks chosen={chosen} onChange={choose} />
          </>
        )}
      </Form>
    </Dialog>
  )
}

const TokenFields = ({ problemOf }: { problemOf: (name: string) => string | undefined }) => (
  <>
    <SelectField label="Algorithm" name="algorithm" options={ALGORITHMS.map((value) => ({ value, label: value }))} />
    <TextField label="Issuer" name="issuer" isCode hint="The iss of its tokens, exactly." problem={problemOf('issuer')} />
    <TextField label="Audience" name="audience" isCode hint="The aud of its tokens." problem={problemOf('audience')} />
    <TextField
      label="Claims"
      name="claims"
      lines={2}
      isCode
      isOptional
      placeholder="user_id = sub"
      hint="Our name = theirs, one a line. A JWKS says user_id = sub unless told otherwise."
      problem={problemOf('claims')}
    />
  </>
)

function readMapping(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => line.split('=', 2).map((part) => part.trim()))
  return Object.fromEntries(pairs.filter(([ours, theirs]) => ours && theirs).map(([ours = '', theirs = '']) => [ours, theirs]))
}
