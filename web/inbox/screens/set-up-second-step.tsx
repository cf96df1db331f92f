import type { RecoveryCodesAnswer, SecondStepDraft } from '#shared/inbox.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyText } from '#web/ui/copy-once.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'

interface SetUpProps {
  draft: SecondStepDraft
  onDone: (answer: RecoveryCodesAnswer) => Promise<void>
  onClose: () => void
}

/** Scan or type, then prove it with the first code. */
export function SetUpSecondStep({ draft: { draft, secret, uri, qr }, onDone, onClose }: SetUpProps) {
  const turnOn = async ({ code = '' }: Record<string, string>) =>
    onDone(await api<RecoveryCodesAnswer>('PUT', '/app/second-step', { draft, code }))
  return (
    <Dialog title="Set up your second step" onClose={onClose}>
      <Form submit="Turn on" onSubmit={turnOn} actions={<Button onClick={onClose}>Cancel</Button>}>
        {(problemOf) => (
          <>
            <p>
              Scan this with an authenticator app, such as Aegis, Google Authenticator, 1Password or Bitwarden. On this very device,{' '}
              <a href={uri}>open it there</a>.
            </p>
            <QrCode {...qr} />
            <details>
              <summary>I cannot scan it</summary>
              <CopyText label="Type this key into the app, as a time-based one" text={secret} shownAs={inGroups(secret)} />
            </details>
            <TextField
              label="Code"
              name="code"
              autocomplete="one-time-code"
              inputmode="numeric"
              hint="The six digits that the app shows now. Every other session of yours ends, since it began without one."
              problem={problemOf('code')}
              isCode
            />
          </>
        )}
      </Form>
    </Dialog>
  )
}

/** Dark on light in both themes: that is how cameras look for it. */
const QrCode = ({ size, path }: SecondStepDraft['qr']) => (
  <svg
    class="qr"
    viewBox={`0 0 ${size} ${size}`}
    role="img"
    aria-label="QR code of the key; under “I cannot scan it” the key stands as text"
    shape-rendering="crispEdges"
  >
    <rect width={size} height={size} fill="#fff" />
    <path d={path} fill="#000" />
  </svg>
)

function inGroups(secret: string): string {
  return secret.replaceAll(/.{4}(?=.)/g, '$& ')
}
