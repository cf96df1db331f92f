import { useState } from 'preact/hooks'
import type { InviteRow, LinkAnswer, TeammateRole, TeammateRow, TeammatesAnswer } from '#shared/inbox.ts'
import { can } from '#web/inbox/at-work.ts'
import { PageHead } from '#web/inbox/shell/page-head.tsx'
import { api } from '#web/ui/api.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Button } from '#web/ui/button.tsx'
import { Confirm } from '#web/ui/confirm.tsx'
import { CopyOnce } from '#web/ui/copy-once.tsx'
import { SelectField } from '#web/ui/field.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge, Time } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { showFailure, toast } from '#web/ui/toast.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { ResetStepDialog } from './reset-step-dialog.tsx'
import { roleOptions } from './roles.ts'

interface Shown {
  isInviting?: boolean
  link?: LinkAnswer & { title: string }
  removing?: TeammateRow
  resetting?: TeammateRow
}

export function TeammatesScreen() {
  const load = useLoad<TeammatesAnswer>('/app/teammates')
  const [shown, show] = useState<Shown>({})
  const close = () => show({})
  const showLink = (title: string, answer: LinkAnswer) => {
    show({ link: { ...answer, title } })
    return load.reload()
  }
  const mayWrite = can('teammates:write')
  return (
    <>
      <PageHead
        title="Teammates"
        lead="Who answers here, and what each of them may do."
        actions={
          mayWrite && (
            <Button look="primary" icon="plus" onClick={() => show({ isInviting: true })}>
              Invite
            </Button>
          )
        }
      />
      <Loaded load={load}>
        {(answer) => (
          <div class="stack wide">
            <Table
              caption="Teammates"
              columns={teammateColumns(answer, { load, show, showLink })}
              rows={answer.teammates}
              keyOf={(row) => row.id}
            />
            {answer.invites.length > 0 && (
              <section>
                <h2>Invited</h2>
                <Table
                  caption="Invites"
                  columns={inviteColumns({ load, showLink, mayWrite })}
                  rows={answer.invites}
                  keyOf={(row) => row.id}
                />
              </section>
            )}
            {shown.isInviting && <InviteDialog roles={answer.roles} onInvited={(link) => showLink('Invite', link)} onClose={close} />}
          </div>
        )}
      </Loaded>
      {shown.link && (
        <CopyOnce title={shown.link.title} label="Link, shown this once" text={shown.link.link} onClose={close}>
          <p>
            {shown.link.is_mailed ? `It was mailed to ${shown.link.email} too.` : `Send it to ${shown.link.email} yourself.`} It works once.
          </p>
        </CopyOnce>
      )}
      {shown.resetting && <ResetStepDialog teammate={shown.resetting} onDone={load.reload} onClose={close} />}
      {shown.removing && <RemoveDialog teammate={shown.removing} onDone={load.reload} onClose={close} />}
    </>
  )
}

interface Tools {
  load: { reload: () => Promise<void> }
  show: (shown: Shown) => void
  showLink: (title: string, answer: LinkAnswer) => Promise<void>
}

function teammateColumns({ roles }: TeammatesAnswer, { load, show, showLink }: Tools): Column<TeammateRow>[] {
  const changeRole = async (row: TeammateRow, role: TeammateRole) => {
    await api('PUT', `/app/teammates/${row.id}/role`, { role }).then(() => toast(`${row.name} is ${role} now.`), showFailure)
    await load.reload()
  }
  const makeLink = async (row: TeammateRow) =>
    showLink('A new password', await api<LinkAnswer>('POST', `/app/teammates/${row.id}/reset-link`, {}))
  return [
    { title: 'Name', cell: (row) => <Person {...row} /> },
    {
      title: 'Role',
      cell: (row) =>
        row.can_change && roles.includes(row.role) ? (
          <SelectField
            label={`Role of ${row.name}`}
            isLabelHidden
            name="role"
            value={row.role}
            options={roleOptions(roles)}
            onChange={(role) => void changeRole(row, role)}
          />
        ) : (
          <Badge>{row.role}</Badge>
        ),
    },
    {
      title: 'Last here',
      cell: (row) =>
        row.last_seen_at !== null ? <Time at={row.last_seen_at} /> : <span class="quiet">{row.can_sign_in ? '–' : 'API only'}</span>,
    },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: (row) =>
        row.can_change && (
          <div class="row-actions">
            {row.can_sign_in && (
              <Button look="quiet" icon="link" label={`Link for a new password for ${row.name}`} onClick={() => makeLink(row)} />
            )}
            {row.has_second_step === true && (
              <Button
                look="quiet"
                icon="phone_off"
                label={`Reset the second step of ${row.name}`}
                onClick={() => show({ resetting: row })}
              />
            )}
            <Button look="quiet" icon="trash" label={`Remove ${row.name}`} onClick={() => show({ removing: row })} />
          </div>
        ),
    },
  ]
}

const Person = ({ name, email, is_you, has_second_step }: TeammateRow) => (
  <span class="person">
    <Avatar name={name} />
    <span>
      <b>{name}</b> {is_you && <Badge tone="good">you</Badge>} {has_second_step === true && <Badge>two steps</Badge>}
      <span class="quiet">{email}</span>
    </span>
  </span>
)

function inviteColumns({ load, showLink, mayWrite }: Omit<Tools, 'show'> & { mayWrite: boolean }): Column<InviteRow>[] {
  const again = async ({ id }: InviteRow) => showLink('Invite', await api<LinkAnswer>('POST', `/app/invites/${id}/link`, {}))
  const withdraw = async ({ id, email }: InviteRow) => {
    await api('DELETE', `/app/invites/${id}`)
    toast(`The invite for ${email} is void.`)
    await load.reload()
  }
  return [
    { title: 'E-mail', cell: (row) => row.email },
    { title: 'Role', cell: (row) => <Badge>{row.role}</Badge> },
    {
      title: 'Works until',
      cell: (row) => (row.is_expired ? <Badge tone="danger">expired</Badge> : <Time at={row.expires_at} />),
    },
    {
      title: 'Actions',
      isTitleHidden: true,
      cell: (row) =>
        mayWrite && (
          <div class="row-actions">
            <Button look="quiet" icon="link" label={`New link for ${row.email}`} onClick={() => again(row)} />
            <Button look="quiet" icon="trash" label={`Withdraw the invite for ${row.email}`} onClick={() => withdraw(row)} />
          </div>
        ),
    },
  ]
}

function RemoveDialog({ teammate, onDone, onClose }: { teammate: TeammateRow; onDone: () => Promise<void>; onClose: () => void }) {
  const remove = async () => {
    await api('DELETE', `/app/teammates/${teammate.id}`)
    toast(`${teammate.name} is no teammate any more.`)
    await onDone()
  }
  return (
    <Confirm title={`Remove ${teammate.name}?`} action="Remove" onConfirm={remove} onClose={onClose}>
      <p>They are signed out at once, and their API tokens and invites stop working. What they wrote stays under their name.</p>
    </Confirm>
  )
}
