import { useState } from 'preact/hooks'
import type { LoginSettings, ProviderRow, ProvidersAnswer } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Confirm } from '#web/ui/confirm.tsx'
import { CopyText } from '#web/ui/copy-once.tsx'
import { Switch } from '#web/ui/field.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge, Empty } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { showFailure, toast } from '#web/ui/toast.tsx'
import { AddProvider } from './add-provider.tsx'
import { ReadOnly } from './read-only.tsx'
import { SectionHead } from './section-head.tsx'

/** For readers who have no account in the app; all of it is off until it is switched on. */
export function WaysInTab() {
  const settings = useLoad<LoginSettings>('/app/login/settings')
  const providers = useLoad<ProvidersAnswer>('/app/login/providers')
  return (
    <div class="stack wide">
      <ReadOnly />
      <Loaded load={providers}>{(answer) => <Providers answer={answer} reload={providers.reload} />}</Loaded>
      <Loaded load={settings}>{(answer) => <Switches settings={answer} reload={settings.reload} />}</Loaded>
    </div>
  )
}

function Providers({ answer: { providers, redirect_urls }, reload }: { answer: ProvidersAnswer; reload: () => Promise<void> }) {
  const [isAdding, setAdding] = useState(false)
  const [removing, remove] = useState<ProviderRow>()
  const mayAdd = can('secrets:write')
  const add = mayAdd && (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a provider
    </Button>
  )
  return (
    <section>
      <SectionHead title="OpenID Connect" actions={providers.length > 0 && add}>
        Readers sign in with their company’s account. Each becomes a contact of their own: a provider never says who your users are.
      </SectionHead>
      {providers.length === 0 ? (
        <Empty icon="people" title="No provider">
          <p>Readers get in by your app’s tokens alone.</p>
          {add}
        </Empty>
      ) : (
        <div class="stack">
          <Table caption="OpenID providers" columns={columnsFor(remove)} rows={providers} keyOf={({ id }) => id} />
          <div class="panel">
            <h3>Register with each provider, as redirect address</h3>
            {redirect_urls.map((url) => (
              <CopyText key={url} label={new URL(url).host} text={url} />
            ))}
          </div>
        </div>
      )}
      {isAdding && <AddProvider onClose={() => setAdding(false)} reload={reload} />}
      {removing && (
        <Confirm
          title={`Remove ${removing.name}?`}
          action="Remove"
          onConfirm={async () => {
            await api('DELETE', `/app/login/providers/${removing.id}`)
            await reload()
          }}
          onClose={() => remove(undefined)}
        >
          <p>Nobody signs in with it any more. Who did stays signed in, and stays the same contact if it is added again.</p>
        </Confirm>
      )}
    </section>
  )
}

function columnsFor(remove: (row: ProviderRow) => void): Column<ProviderRow>[] {
  return [
    {
      title: 'Provider',
      cell: ({ name, issuer }) => (
        <span class="named">
          <b>{name}</b>
          <code class="address">{issuer}</code>
        </span>
      ),
    },
    { title: 'Client', cell: ({ client_id }) => <code class="address">{client_id}</code> },
    { title: 'Signs with', cell: ({ id_token_alg }) => id_token_alg },
    {
      title: 'For',
      cell: ({ email_domains }) => (
        <span class="badges">
          {email_domains.length === 0 ? (
            <Badge tone="waiting">everybody it knows</Badge>
          ) : (
            email_domains.map((one) => <Badge key={one}>{one}</Badge>)
          )}
        </span>
      ),
    },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: (row) =>
        can('settings:write') && (
          <div class="row-actions">
            <Button look="quiet" icon="trash" label={`Remove ${row.name}`} onClick={() => remove(row)} />
          </div>
        ),
    },
  ]
}

function Switches({ settings, reload }: { settings: LoginSettings; reload: () => Promise<void> }) {
  const [round, setRound] = useState(0)
  const change = (field: string) => async (isOn: boolean) => {
    await api('PUT', '/app/login/settings', { [field]: isOn }).then(() => toast('Saved. It holds within a second.'), showFailure)
    await reload()
    setRound(round + 1)
  }
  return (
    <fieldset class="panel" disabled={!can('settings:write')} key={round}>
      <legend class="unseen">Other ways in</legend>
      <Switch
        label="A link by mail"
        name="email_links"
        isOn={settings.email_links}
        hint={
          settings.can_mail
            ? 'Whoever answers at an address is a contact with that address. It never opens an existing user.'
            : 'This installation sends no mail yet, so no link goes out: set LATCHKEY_SMTP_URL.'
        }
        onChange={(isOn) => void change('email_links')(isOn)}
      />
      <Switch
        label="The sign-in cookie"
        name="cookie_door"
        isOn={settings.cookie_door}
        hint="Your app sets a signed cookie on the parent domain, and needs no script on its pages. Every host below that domain sees it."
        onChange={(isOn) => void change('cookie_door')(isOn)}
      />
    </fieldset>
  )
}
