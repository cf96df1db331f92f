import type { Instant, TeammateSessionId } from '#db/columns.ts'
import { Failure } from '#errors'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { findSecondStep } from './second-steps.ts'
import type { AtWork } from './teammate-sessions.ts'
import type { Teammate } from './teammates.ts'
import { newTotpSecret, totpUri } from './totp.ts'

const DRAFT_LIFE = 600_000

interface Holder {
  teammate: Teammate
  session: { id: TeammateSessionId }
}

/** A new secret for an authenticator app. Nothing is stored: the sealed draft comes back with the first code. Throws `second_step_on`. */
export async function draftSecondStep(
  db: Db,
  encryption: Encryption,
  atWork: AtWork,
  now: Instant,
): Promise<{ draft: string; secret: string; uri: string }> {
  if (await findSecondStep(db, atWork.teammate)) throw new Failure('second_step_on')
  const secret = newTotpSecret()
  const draft = encryption.seal(`${now + DRAFT_LIFE} ${secret}`, contextOf(atWork))
  return { draft, secret, uri: totpUri(secret, { issuer: `Latchkey ${atWork.workspace.name}`, account: atWork.teammate.email }) }
}

/** The secret that this session was shown. Throws `second_step_draft_invalid`. */
export function openDraft(encryption: Encryption, holder: Holder, draft: string, now: Instant): string {
  const [expires_at = '0', secret = ''] = open(encryption, draft, contextOf(holder)).split(' ')
  if (now >= Number(expires_at)) throw new Failure('second_step_draft_invalid')
  return secret
}

function open(encryption: Encryption, sealed: string, context: string): string {
  try {
    return encryption.open(sealed, context)
  } catch {
    throw new Failure('second_step_draft_invalid')
  }
}

function contextOf({ teammate: { workspace_id, id }, session }: Holder): string {
  return `draft ${workspace_id}/${id}/${session.id}`
}
