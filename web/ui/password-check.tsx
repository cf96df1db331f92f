import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Form } from './form.tsx'
import { question } from './password-question.ts'

export function PasswordCheck() {
  const { value } = question
  if (!value) return null
  const giveUp = () => value.settle(false)
  return (
    <Dialog title="Your password, please" onClose={giveUp}>
      <Form
        submit="Continue"
        onSubmit={async ({ password = '' }) => {
          await value.check(password)
          value.settle(true)
        }}
        actions={<Button onClick={giveUp}>Cancel</Button>}
      >
        {(problemOf) => (
          <>
            <p class="quiet">What you are about to do needs it: so that a browser left open gives no secret away.</p>
            <TextField label="Password" name="password" type="password" autocomplete="current-password" problem={problemOf('password')} />
          </>
        )}
      </Form>
    </Dialog>
  )
}
