import type { AtWorkAnswer, SessionRow, SessionsAnswer } from '#shared/inbox.ts'
import { atWork } from '#web/inbox/at-work.ts'
import { PageHead } from '#web/inbox/shell/page-head.tsx'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge, Time } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { toast } from '#web/ui/toast.tsx'
import { SecondStep } from './second-step.tsx'

export function ProfileScreen() {
  const load = useLoad<SessionsAnswer>('/app/sessions')
  return (
    <>
      <PageHead title="Profile and sessions" lead={atWork.value.teammate.email} />
      <div class="stack wide">
        <section class="panel">
          <h2>Name</h2>
          <NameForm />
        </section>
        <section class="panel">
          <h2>Password</h2>
          <PasswordForm onChanged={load.reload} />
        </section>
        <section class="panel">
          <h2>Second step</h2>
          <SecondStep onChanged={load.reload} />
        </section>
        <section>
          <h2>Where you are signed in</h2>
          <Loaded load={load}>{({ sessions }) => <Sessions sessions={sessions} reload={load.reload} />}</Loaded>
        </section>
      </div>
    </>
  )
}

function NameForm() {
  const save = async ({ name = '' }: Record<string, string>) => {
    atWork.value = await api<AtWorkAnswer>('PUT', '/app/profile', { name })
    toast('Saved.')
  }
  return (
    <Form submit="Save" onSubmit={save}>
      {(problemOf) => (
        <TextField
          label="Your name"
          name="name"
          value={atWork.value.teammate.name}
          autocomplete="name"
          hint="Customers see it beside your answers."
          problem={problemOf('name')}
        />
      )}
    </Form>
  )
}

function PasswordForm({ onChanged }: { onChanged: () => Promise<void> }) {
  const change = async ({ current = '', password = '' }: Record<string, string>) => {
    await api('PUT', '/app/profile/password', { current, password })
    toast('Your password is changed. Every other session has ended.')
    await onChanged()
  }
  return (
    <Form submit="Change password" onSubmit={change}>
      {(problemOf) => (
        <>
          <input type="email" value={atWork.value.teammate.email} autocomplete="username" readOnly hidden />
          <TextField
            label="Current password"
            name="current"
            type="password"
            autocomplete="current-password"
            problem={problemOf('current')}
          />
          <TextField
            label="New password"
            name="password"
            type="password"
            autocomplete="new-password"
            hint="At least 8 characters; a few words are good. It ends every other session."
            problem={problemOf('password')}
          />
        </>
      )}
    </Form>
  )
}

function Sessions({ sessions, reload }: { sessions: SessionRow[]; reload: () => Promise<void> }) {
  const end = async (path: string) => {
    await api('DELETE', path)
    await reload()
  }
  const columns: Column<SessionRow>[] = [
    {
      title: 'Browser',
      cell: ({ device, is_current }) => (
        <>
          {device} {is_current && <Badge tone="good">this one</Badge>}
        </>
      ),
    },
    { title: 'Address', cell: ({ address }) => address },
    { title: 'Signed in', cell: ({ created_at }) => <Time at={created_at} /> },
    { title: 'Last here', cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: ({ id, device, is_current }) =>
        !is_current && (
          <div class="row-actions">
            <Button look="quiet" icon="close" label={`End the session in ${device}`} onClick={() => end(`/app/sessions/${id}`)} />
          </div>
        ),
    },
  ]
  return (
    <div class="stack">
      <Table caption="Your sessions" columns={columns} rows={sessions} keyOf={({ id }) => id} />
      {sessions.length > 1 && (
        <div class="actions">
          <Button onClick={() => end('/app/sessions')}>End all others</Button>
        </div>
      )}
    </div>
  )
}
