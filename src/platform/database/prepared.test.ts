import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { WorkspaceId } from '#db/columns.ts'
import { databaseKind, openDatabase, type Db } from '#platform/database/database.ts'
import { migrate } from '#platform/database/migrate.ts'
import { pick, preparedRows } from '#platform/database/prepared.ts'
import { emptyDatabase } from '#test/empty-database.ts'

let db: Db
let close: () => Promise<void>
before(async () => {
  const { address, drop } = await emptyDatabase()
  db = openDatabase(address)
  await migrate(db, databaseKind(address))
  close = async () => {
    await db.destroy()
    await drop()
  }
})
after(() => close())

interface Taken {
  workspace_id: WorkspaceId
  replay_key: string
  expires_at: number
}

const insert = preparedRows((db, rows: Taken[]) =>
  db.insertInto('used_tokens').values(rows.map((row) => pick(row, ['workspace_id', 'replay_key', 'expires_at']))),
)

for (const count of [0, 1, 5, 26, 61])
  test(`${count} rows come in, each with its own values`, async () => {
    await sql`insert into workspaces (app_id, name, created_at) values (${`w${count}`}, 'W', 0)`.execute(db)
    const { id } = await db.selectFrom('workspaces').select('id').where('app_id', '=', `w${count}`).executeTakeFirstOrThrow()
    const rows = Array.from({ length: count }, (_, index) => ({ workspace_id: id, replay_key: `key ${index}`, expires_at: index * 1000 }))
    await insert(db, rows)
    const found = await db.selectFrom('used_tokens').selectAll().where('workspace_id', '=', id).orderBy('expires_at').execute()
    assert.deepEqual(
      found.map((row) => ({ ...row })),
      rows,
    )
  })
