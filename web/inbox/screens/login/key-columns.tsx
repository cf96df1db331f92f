import type { KeyRow } from '#shared/login-settings.ts'
import { Button } from '#web/ui/button.tsx'
import { Badge, Time } from '#web/ui/states.tsx'
import type { Column } from '#web/ui/table.tsx'
import { PLATFORM_NAMES, PLATFORMS } from './platforms.ts'

const NAME: Column<KeyRow> = {
  title: 'Name',
  cell: ({ name, kid }) => (
    <span class="named">
      <b>{name}</b>
      <code>{kid}</code>
    </span>
  ),
}
const MEANT_FOR: Column<KeyRow> = {
  title: 'For',
  cell: ({ platforms }) => (
    <span class="badges">
      {platforms.length === PLATFORMS.length ? (
        <Badge>everywhere</Badge>
      ) : (
        platforms.map((one) => <Badge key={one}>{PLATFORM_NAMES[one]}</Badge>)
      )}
    </span>
  ),
}
const SIGNS: Column<KeyRow> = {
  title: 'Signs with',
  cell: ({ kind, algorithm, issuer, jwks }) =>
    kind === 'secret' ? (
      <>{algorithm}, your secret</>
    ) : (
      <span class="named">
        <span>
          {algorithm}, {jwks ? 'keys of' : 'public key of'} <span class="address">{issuer}</span>
        </span>
        {jwks?.fault && <span class="bad small">Not read: {jwks.fault}</span>}
        {jwks && !jwks.asserts_user_id && <span class="quiet small">its people are contacts of their own</span>}
      </span>
    ),
}
const LAST_USED: Column<KeyRow> = {
  title: 'Last used',
  cell: ({ last_used_at }) => (last_used_at === null ? <span class="quiet">never</span> : <Time at={last_used_at} />),
}
export const retiredColumns: Column<KeyRow>[] = [
  NAME,
  SIGNS,
  MEANT_FOR,
  LAST_USED,
  { title: 'Retired', cell: ({ retired_at }) => retired_at !== null && <Time at={retired_at} /> },
]

export function liveColumns({ mayWrite, onRetire }: { mayWrite: boolean; onRetire: (row: KeyRow) => void }): Column<KeyRow>[] {
  return [
    NAME,
    SIGNS,
    MEANT_FOR,
    LAST_USED,
    { title: 'Added', cell: ({ created_at }) => <Time at={created_at} /> },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: (row) => (
        <div class="row-actions">
          <a class="button quiet" href={`/settings/login/log?kid=${encodeURIComponent(row.kid)}`}>
            Log
          </a>
          {mayWrite && (
            <Button look="quiet" onClick={() => onRetire(row)}>
              Retire
            </Button>
          )}
        </div>
      ),
    },
  ]
}
