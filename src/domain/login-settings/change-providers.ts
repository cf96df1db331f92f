import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { addProvider, findProvider, removeProvider, type NewProvider, type Provider } from '#domain/openid/providers.ts'
import type { Db } from '#platform/database/database.ts'
import type { Encryption } from '#platform/encryption/encryption.ts'
import { audited, type Actor } from './audited.ts'

export async function admitProvider(
  db: Db,
  encryption: Encryption,
  actor: Actor,
  provider: NewProvider & { now: Instant },
): Promise<Provider> {
  return audited(
    db,
    actor,
    async (db) => {
      const result = await addProvider(db, encryption, actor.workspace, provider)
      return { result, deed: { action: 'provider.added', subject: result.issuer, detail: `${result.name}, client ${result.client_id}` } }
    },
    provider.now,
  )
}

export async function dismissProvider(db: Db, actor: Actor, id: number, now: Instant): Promise<void> {
  await audited(
    db,
    actor,
    async (db) => {
      const provider = await findProvider(db, actor.workspace, id)
      if (!provider) throw new Failure('not_found')
      await removeProvider(db, actor.workspace, id)
      return { result: undefined, deed: { action: 'provider.removed', subject: provider.issuer, detail: provider.name } }
    },
    now,
  )
}
