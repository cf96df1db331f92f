import { useState } from 'preact/hooks'
import type { HostRow } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Confirm } from '#web/ui/confirm.tsx'
import { Badge, Time } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { toast } from '#web/ui/toast.tsx'
import { AddForm } from './add-form.tsx'
import { HostProof } from './host-proof.tsx'

const PROVED: Record<string, string> = {
  operator: 'added on the server',
  localhost: 'this machine',
  dns: 'proved by DNS',
  file: 'proved by file',
}

interface Part {
  mayWrite: boolean
  reload: () => Promise<void>
}

export function Hosts({ hosts, mayWrite, reload }: Part & { hosts: HostRow[] }) {
  const [removing, remove] = useState<HostRow>()
  return (
    <div class="stack">
      {hosts.length > 0 && (
        <Table caption="Support hosts" columns={columnsFor({ mayWrite, reload }, remove)} rows={hosts} keyOf={({ host }) => host} />
      )}
      {hosts
        .filter(({ proof }) => proof !== null)
        .map((host) => (
          <HostProof key={host.host} host={host} mayWrite={mayWrite} reload={reload} />
        ))}
      {mayWrite && (
        <AddForm
          label="Public address of a support host"
          name="address"
          submit="Add it"
          onAdd={async (address) => {
            const host = await api<HostRow>('POST', '/app/login/hosts', { address })
            toast(host.proved_by === null ? `Now prove that ${host.host} is yours.` : `${host.origin} is served.`)
            await reload()
          }}
        />
      )}
      {removing && (
        <Confirm
          title={`Remove ${removing.host}?`}
          action="Remove"
          onConfirm={async () => {
            await api('DELETE', `/app/login/hosts/${encodeURIComponent(removing.host)}`)
            await reload()
          }}
          onClose={() => remove(undefined)}
        >
          <p>It is served no longer, at once. Sessions that live on it are of no use any more.</p>
        </Confirm>
      )}
    </div>
  )
}

function columnsFor({ mayWrite, reload }: Part, remove: (row: HostRow) => void): Column<HostRow>[] {
  return [
    { title: 'Address', cell: ({ origin }) => <code class="address">{origin}</code> },
    {
      title: 'State',
      cell: ({ proved_by, is_primary }) => (
        <span class="badges">
          {proved_by === null ? <Badge tone="waiting">waits for proof</Badge> : <Badge tone="good">{PROVED[proved_by]}</Badge>}
          {is_primary && <Badge>primary</Badge>}
        </span>
      ),
    },
    { title: 'Added', cell: ({ created_at }) => <Time at={created_at} /> },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: (row) =>
        mayWrite && (
          <div class="row-actions">
            {row.proved_by !== null && !row.is_primary && (
              <Button
                look="quiet"
                onClick={async () => {
                  await api('PUT', `/app/login/hosts/${encodeURIComponent(row.host)}/primary`)
                  await reload()
                }}
              >
                Make primary
              </Button>
            )}
            <Button look="quiet" icon="trash" label={`Remove ${row.host}`} onClick={() => remove(row)} />
          </div>
        ),
    },
  ]
}
