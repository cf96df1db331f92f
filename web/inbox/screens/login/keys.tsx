import { useState } from 'preact/hooks'
import type { KeyRow, KeysAnswer, LoginPlatform, NewKeyAnswer, RetiredKeyAnswer } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Confirm } from '#web/ui/confirm.tsx'
import { CopyOnce } from '#web/ui/copy-once.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Switch, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge, Empty, Notice, Time } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { toast } from '#web/ui/toast.tsx'
import { useLive } from './live.ts'
import { PLATFORM_NAMES, PLATFORMS } from './platforms.ts'
import { SectionHead } from './section-head.tsx'

const REFRESH_MS = 10_000
const HOUR_MS = 3_600_000

interface Shown {
  isAdding?: boolean
  made?: NewKeyAnswer
  retiring?: KeyRow
}

export function KeysTab() {
  const load = useLoad<KeysAnswer>('/app/login/keys')
  const [shown, show] = useState<Shown>({})
  useLive(load.reload, REFRESH_MS)
  const close = () => show({})
  const mayWrite = can('secrets:write')
  const add = (
    <Button look="primary" icon="plus" onClick={() => show({ isAdding: true })}>
      Add a secret
    </Button>
  )
  const live = (keys: KeyRow[]) => keys.filter(({ retired_at }) => retired_at === null)
  const retired = (keys: KeyRow[]) => keys.filter(({ retired_at }) => retired_at !== null)
  return (
    <div class="stack wide">
      <Loaded load={load}>
        {({ keys }) => (
          <>
            <section>
              <SectionHead title="Messenger secrets" actions={mayWrite && live(keys).length > 0 && add}>
                Your backend signs each user’s token with one of them. To replace one: add the next, give it to every server that signs, see
                it used here, then retire the old one. No login fails in between.
              </SectionHead>
              {live(keys).length === 0 ? (
                <Empty icon="key" title="No secret, no login">
                  <p>Add one, and sign your first token with it.</p>
                  {mayWrite && add}
                </Empty>
              ) : (
                <Table caption="Live keys" columns={columnsFor({ mayWrite, show })} rows={live(keys)} keyOf={({ kid }) => kid} />
              )}
            </section>
            {retired(keys).length > 0 && (
              <section>
                <SectionHead title="Retired">Their tokens are refused, and the login log says which one it was.</SectionHead>
                <Table caption="Retired keys" columns={RETIRED} rows={retired(keys)} keyOf={({ kid }) => kid} />
              </section>
            )}
          </>
        )}
      </Loaded>
      {shown.isAdding && <AddDialog onMade={(made) => show({ made })} onClose={close} reload={load.reload} />}
      {shown.made && (
        <CopyOnce
          title={`“${shown.made.key.name}” is ready`}
          label="Messenger secret, shown this once"
          text={shown.made.secret}
          onClose={close}
        >
          <p>
            Put it into your backend’s environment as <code>MESSENGER_SECRET</code>, exactly as it is. It belongs in no page, app or
            repository. Its kid is <code>{shown.made.key.kid}</code>.
          </p>
        </CopyOnce>
      )}
      {shown.retiring && <RetireDialog keyRow={shown.retiring} reload={load.reload} onClose={close} />}
    </div>
  )
}

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
const LAST_USED: Column<KeyRow> = {
  title: 'Last used',
  cell: ({ last_used_at }) => (last_used_at === null ? <span class="quiet">never</span> : <Time at={last_used_at} />),
}
const RETIRED: Column<KeyRow>[] = [
  NAME,
  MEANT_FOR,
  LAST_USED,
  { title: 'Retired', cell: ({ retired_at }) => retired_at !== null && <Time at={retired_at} /> },
]

function columnsFor({ mayWrite, show }: { mayWrite: boolean; show: (shown: Shown) => void }): Column<KeyRow>[] {
  return [
    NAME,
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
            <Button look="quiet" onClick={() => show({ retiring: row })}>
              Retire
            </Button>
          )}
        </div>
      ),
    },
  ]
}

function AddDialog({
  onMade,
  onClose,
  reload,
}: {
  onMade: (made: NewKeyAnswer) => void
  onClose: () => void
  reload: () => Promise<void>
}) {
  const [chosen, choose] = useState<LoginPlatform[]>([...PLATFORMS])
  return (
    <Dialog title="Add a messenger secret" onClose={onClose}>
      <Form
        submit="Make the secret"
        onSubmit={async ({ name = '' }) => {
          onMade(await api<NewKeyAnswer>('POST', '/app/login/keys', { name, platforms: chosen }))
          await reload()
        }}
        actions={<Button onClick={onClose}>Cancel</Button>}
      >
        {(problemOf) => (
          <>
            <TextField
              label="Name"
              name="name"
              placeholder="Production backend"
              hint="For you, to know it by."
              problem={problemOf('name')}
            />
            <fieldset class="checks">
              <legend>Signs in users on</legend>
              {PLATFORMS.map((platform) => (
                <label key={platform}>
                  <input
                    type="checkbox"
                    name={platform}
                    checked={chosen.includes(platform)}
                    onChange={(event) => {
                      const isOn = event.currentTarget.checked
                      choose(PLATFORMS.filter((one) => (one === platform ? isOn : chosen.includes(one))))
                    }}
                  />
                  {PLATFORM_NAMES[platform]}
                </label>
              ))}
              {chosen.length === 0 && <p class="problem">Choose at least one.</p>}
            </fieldset>
          </>
        )}
      </Form>
    </Dialog>
  )
}

function RetireDialog({ keyRow, reload, onClose }: { keyRow: KeyRow; reload: () => Promise<void>; onClose: () => void }) {
  const [endSessions, setEndSessions] = useState(false)
  const { name, kid, last_used_at } = keyRow
  const isInUse = last_used_at !== null && Date.now() - last_used_at < HOUR_MS
  const retire = async () => {
    const { sessions_ended } = await api<RetiredKeyAnswer>('PUT', `/app/login/keys/${kid}/retired`, { end_sessions: endSessions })
    toast(endSessions ? `“${name}” is retired, and ${sessions_ended} sessions have ended.` : `“${name}” is retired. Its sessions go on.`)
    await reload()
  }
  return (
    <Confirm title={`Retire “${name}”?`} action="Retire" onConfirm={retire} onClose={onClose}>
      <div class="stack">
        {isInUse && (
          <Notice tone="waiting">
            It signed somebody in <Time at={last_used_at} />: a server of yours still uses it.
          </Notice>
        )}
        <p>Its tokens are refused everywhere within a second. It cannot be taken back.</p>
        <Switch
          label="End the sessions it started"
          name="end_sessions"
          isOn={endSessions}
          hint="If it leaked. Its users are signed out of Messenger, Help Center and portal at once."
          onChange={setEndSessions}
        />
      </div>
    </Confirm>
  )
}
