import { useState } from 'preact/hooks'
import type { LoginSettings, OriginRow } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Confirm } from '#web/ui/confirm.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Empty, Time } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { toast } from '#web/ui/toast.tsx'
import { AddForm } from './add-form.tsx'
import { Hosts } from './hosts.tsx'
import { SectionHead } from './section-head.tsx'

export function AddressesTab() {
  const load = useLoad<LoginSettings>('/app/login/settings')
  const mayWrite = can('settings:write')
  return (
    <Loaded load={load}>
      {(settings) => (
        <div class="stack wide">
          <section>
            <SectionHead title="Your app">
              Pages of these origins may boot the Messenger. Scheme and port count: <code>https://app.example.com</code>
            </SectionHead>
            <Origins origins={settings.origins} mayWrite={mayWrite} reload={load.reload} />
          </section>
          <section>
            <SectionHead title="Support hosts">
              Where customers find the Messenger, the Help Center and the portal. A host is served once it is proved to be yours.
            </SectionHead>
            <Hosts hosts={settings.hosts} mayWrite={mayWrite} reload={load.reload} />
          </section>
          <section class="panel">
            <SectionHead title="Login and logout pages of your app">
              Whoever opens a protected page signed out is sent to your login page, and comes back to the page they wanted.
            </SectionHead>
            <PagesForm settings={settings} mayWrite={mayWrite} reload={load.reload} />
          </section>
        </div>
      )}
    </Loaded>
  )
}

interface Part {
  mayWrite: boolean
  reload: () => Promise<void>
}

function Origins({ origins, mayWrite, reload }: Part & { origins: OriginRow[] }) {
  const [removing, remove] = useState<string>()
  const columns: Column<OriginRow>[] = [
    { title: 'Origin', cell: ({ origin }) => <code class="address">{origin}</code> },
    { title: 'Listed', cell: ({ created_at }) => <Time at={created_at} /> },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: ({ origin }) =>
        mayWrite && (
          <div class="row-actions">
            <Button look="quiet" icon="trash" label={`Remove ${origin}`} onClick={() => remove(origin)} />
          </div>
        ),
    },
  ]
  return (
    <div class="stack">
      {origins.length > 0 ? (
        <Table caption="Origins" columns={columns} rows={origins} keyOf={({ origin }) => origin} />
      ) : (
        <Empty icon="link" title="No origin is listed">
          <p>No page can boot the Messenger yet.</p>
        </Empty>
      )}
      {mayWrite && (
        <AddForm
          label="Origin of your app"
          name="origin"
          submit="List it"
          onAdd={async (origin) => {
            const listed = await api<{ origin: string }>('POST', '/app/login/origins', { origin })
            toast(`${listed.origin} may boot the Messenger now.`)
            await reload()
          }}
        />
      )}
      {removing !== undefined && (
        <Confirm
          title="Remove this origin?"
          action="Remove"
          onConfirm={async () => {
            await api('DELETE', `/app/login/origins/${encodeURIComponent(removing)}`)
            await reload()
          }}
          onClose={() => remove(undefined)}
        >
          <p>
            Pages of <code>{removing}</code> can boot the Messenger no longer.
          </p>
        </Confirm>
      )}
    </div>
  )
}

function PagesForm({ settings: { login_url, logout_url, return_to_parameter }, mayWrite, reload }: Part & { settings: LoginSettings }) {
  if (!mayWrite)
    return (
      <dl class="facts">
        <dt>Login URL</dt>
        <dd>{login_url ?? 'none'}</dd>
        <dt>Logout URL</dt>
        <dd>{logout_url ?? 'none'}</dd>
      </dl>
    )
  const save = async (values: Record<string, string>) => {
    await api('PUT', '/app/login/settings', {
      login_url: values['login_url'] ?? '',
      return_to_parameter: values['return_to_parameter'],
      logout_url: values['logout_url'] ?? '',
    })
    toast('Saved. It holds within a second.')
    await reload()
  }
  return (
    <Form submit="Save" onSubmit={save}>
      {(problemOf) => (
        <>
          <TextField
            label="Login URL"
            name="login_url"
            type="url"
            isCode
            isOptional
            value={login_url ?? ''}
            placeholder="https://app.example.com/login"
            hint="It gets the address to come back to, and state, which it hands back with the token."
            problem={problemOf('login_url')}
          />
          <TextField
            label="Parameter to come back by"
            name="return_to_parameter"
            isCode
            value={return_to_parameter}
            hint="What your login page calls the address to come back to."
            problem={problemOf('return_to_parameter')}
          />
          <TextField
            label="Logout URL"
            name="logout_url"
            type="url"
            isCode
            isOptional
            value={logout_url ?? ''}
            placeholder="https://app.example.com/logout"
            hint="Where people go after they sign out of the Help Center."
            problem={problemOf('logout_url')}
          />
        </>
      )}
    </Form>
  )
}
