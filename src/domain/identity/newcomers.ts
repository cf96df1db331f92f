import type { SigningKeyId } from '#db/columns.ts'
import { lockStanding } from '#platform/database/advisory-lock.ts'
import { atomically, type Db } from '#platform/database/database.ts'
import { unread } from '#platform/database/packet.ts'
import { prepared, typed } from '#platform/database/prepared.ts'
import { CONTACT_COLUMNS, CONTACT_NUMBERS, type Contact } from '#domain/contacts/contacts.ts'
import type { Session } from '#domain/sessions/sessions.ts'
import { startFirstSession, type NewSession } from '#domain/sessions/start-session.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

/** By what the person is vouched for: it must hold when they come in. */
interface Voucher {
  signing_key_id: SigningKeyId
  /** Null where no token speaks. */
  replay_key: string | null
}

export interface Newcomer {
  contact: Contact
  session: NewSession
  voucher: Voucher
}

/**
 * Somebody who was never here gets a contact and a session, all in one exchange with the database. Undefined, with nothing written,
 * if they were here, if the key is retired by now, or if the token was used up.
 */
export async function admitNewcomer(
  db: Db,
  workspace: Workspace,
  { contact, session, voucher }: Newcomer,
): Promise<{ session: Session; secret: string } | undefined> {
  return atomically(db, async (db) => {
    await lockStanding(db, workspace.id)
    await insert(db, { ...contact, ...voucher })
    return startFirstSession(db, workspace, { ...session, contact_id: contact.id }, contact.created_at)
  })
}

const insert = prepared((db, row: Contact & Voucher) =>
  db
    .insertInto('contacts')
    .columns(CONTACT_COLUMNS)
    .expression(
      db.selectNoFrom(typed(row, CONTACT_COLUMNS, CONTACT_NUMBERS)).where(({ or, not, exists, selectFrom }) => {
        const retired = selectFrom('signing_keys')
          .select('signing_keys.id')
          .where('signing_keys.workspace_id', '=', row.workspace_id)
          .where('signing_keys.id', '=', row.signing_key_id)
          .where('signing_keys.retired_at', 'is not', null)
        const used = selectFrom('used_tokens')
          .select('used_tokens.replay_key')
          .where('used_tokens.workspace_id', '=', row.workspace_id)
          .where('used_tokens.replay_key', '=', row.replay_key)
        return not(or([exists(retired), exists(used)]))
      }),
    )
    .onConflict((conflict) => conflict.columns(['workspace_id', 'external_id']).doNothing())
    .modifyEnd(unread),
)
