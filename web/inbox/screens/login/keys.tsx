import { useState } from 'preact/hooks'
import type { KeyRow, KeysAnswer, NewKeyAnswer } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyOnce } from '#web/ui/copy-once.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Empty } from '#web/ui/states.tsx'
import { Table } from '#web/ui/table.tsx'
import { AddPublicKey } from './add-public-key.tsx'
import { AddSecret } from './add-secret.tsx'
import { liveColumns, retiredColumns } from './key-columns.tsx'
import { useLive } from './live.ts'
import { RetireKey } from './retire-key.tsx'
import { SectionHead } from './section-head.tsx'

const REFRESH_MS = 10_000

interface Shown {
  adding?: 'secret' | 'public'
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
    <>
      <Button onClick={() => show({ adding: 'public' })}>Add a public key</Button>
      <Button look="primary" icon="plus" onClick={() => show({ adding: 'secret' })}>
        Add a secret
      </Button>
    </>
  )
  const live = (keys: KeyRow[]) => keys.filter(({ retired_at }) => retired_at === null)
  const retired = (keys: KeyRow[]) => keys.filter(({ retired_at }) => retired_at !== null)
  return (
    <div class="stack wide">
      <Loaded load={load}>
        {({ keys }) => (
          <>
            <section>
              <SectionHead title="Live keys" actions={mayWrite && live(keys).length > 0 && add}>
                Your backend signs each user’s token with a messenger secret, or an identity provider signs it with its own key. To replace
                one: add the next, give it to every server that signs, see it used here, then retire the old one. No login fails in between.
              </SectionHead>
              {live(keys).length === 0 ? (
                <Empty icon="key" title="No secret, no login">
                  <p>Add one, and sign your first token with it.</p>
                  {mayWrite && add}
                </Empty>
              ) : (
                <Table
                  caption="Live keys"
                  columns={liveColumns({ mayWrite, onRetire: (retiring) => show({ retiring }) })}
                  rows={live(keys)}
                  keyOf={({ kid }) => kid}
                />
              )}
            </section>
            {retired(keys).length > 0 && (
              <section>
                <SectionHead title="Retired">Their tokens are refused, and the login log says which one it was.</SectionHead>
                <Table caption="Retired keys" columns={retiredColumns} rows={retired(keys)} keyOf={({ kid }) => kid} />
              </section>
            )}
          </>
        )}
      </Loaded>
      {shown.adding === 'secret' && <AddSecret onMade={(made) => show({ made })} onClose={close} reload={load.reload} />}
      {shown.adding === 'public' && <AddPublicKey onClose={close} reload={load.reload} />}
      {shown.made && <ShowSecret made={shown.made} onClose={close} />}
      {shown.retiring && <RetireKey keyRow={shown.retiring} reload={load.reload} onClose={close} />}
    </div>
  )
}

const ShowSecret = ({ made: { key, secret }, onClose }: { made: NewKeyAnswer; onClose: () => void }) => (
  <CopyOnce title={`“${key.name}” is ready`} label="Messenger secret, shown this once" text={secret} onClose={onClose}>
    <p>
      Put it into your backend’s environment as <code>MESSENGER_SECRET</code>, exactly as it is. It belongs in no page, app or repository.
      Its kid is <code>{key.kid}</code>.
    </p>
  </CopyOnce>
)
