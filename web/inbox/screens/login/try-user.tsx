import { useState } from 'preact/hooks'
import type { LoginLinkAnswer, TestTokenAnswer } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyText } from '#web/ui/copy-once.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Time } from '#web/ui/states.tsx'
import { SectionHead } from './section-head.tsx'

/** Makes a token as the company's backend would, and opens the Help Center as a user. Both are in the audit log. */
export const TryUser = ({ onToken }: { onToken: (token: string) => void }) => (
  <div class="two-up">
    <section class="panel">
      <SectionHead title="Mint a test token">
        As your backend would sign it. It lives five minutes and is written into the audit log.
      </SectionHead>
      <Mint onToken={onToken} />
    </section>
    <section class="panel">
      <SectionHead title="Open as this user">
        A link that signs a browser in as a user you already have, once. Open it in a private window; it is written into the audit log.
      </SectionHead>
      <OpenAs />
    </section>
  </div>
)

function Mint({ onToken }: { onToken: (token: string) => void }) {
  const [minted, setMinted] = useState<TestTokenAnswer>()
  const mint = async ({ user_id = '', email = '' }: Record<string, string>) =>
    setMinted(await api<TestTokenAnswer>('POST', '/app/login/test-tokens', { user_id, ...(email !== '' && { email }) }))
  return (
    <>
      <Form submit="Mint" onSubmit={mint}>
        {(problemOf) => (
          <>
            <TextField
              label="user_id"
              name="user_id"
              isCode
              hint="A new one makes a new user when the token is used."
              problem={problemOf('user_id')}
            />
            <TextField label="E-mail" name="email" type="email" isOptional problem={problemOf('email')} />
          </>
        )}
      </Form>
      {minted && (
        <div class="stack tight" role="status">
          <CopyText label="Token" text={minted.token} />
          <div class="actions">
            <Button onClick={() => onToken(minted.token)}>Put it into the tester</Button>
            <span class="quiet small">
              Signed with <code>{minted.kid}</code>
            </span>
          </div>
        </div>
      )}
    </>
  )
}

function OpenAs() {
  const [link, setLink] = useState<LoginLinkAnswer>()
  const open = async ({ user_id = '' }: Record<string, string>) =>
    setLink(await api<LoginLinkAnswer>('POST', '/app/login/links', { user_id }))
  return (
    <>
      <Form submit="Make the link" onSubmit={open}>
        {(problemOf) => <TextField label="user_id" name="user_id" isCode problem={problemOf('user_id')} />}
      </Form>
      {link && (
        <div class="stack tight" role="status">
          <CopyText label="Link, works once" text={link.url} />
          <p class="quiet small">
            It runs out <Time at={link.expires_at} />.
          </p>
        </div>
      )}
    </>
  )
}
