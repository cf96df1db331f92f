import type { Selectable } from 'kysely'
import type { AudienceRulesTable, AudiencesTable } from '#db/article-tables.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically, type Db } from '#platform/database/database.ts'

export type AudienceRule = Pick<Selectable<AudienceRulesTable>, 'subject' | 'attribute' | 'operator' | 'value'>
/** Who a piece of content is meant for: one of the roles, and every rule. */
export type Audience = Selectable<AudiencesTable> & { rules: AudienceRule[] }

export interface NewAudience {
  name: string
  roles: readonly ('visitor' | 'lead' | 'user')[]
  rules?: readonly AudienceRule[]
}

export async function createAudience(db: Db, workspace: Workspace, { name, roles, rules = [] }: NewAudience): Promise<Audience> {
  const flag = (role: 'visitor' | 'lead' | 'user') => (roles.includes(role) ? 1 : 0)
  return atomically(db, async (db) => {
    const audience = await db
      .insertInto('audiences')
      .values({ workspace_id: workspace.id, name, visitors: flag('visitor'), leads: flag('lead'), users: flag('user') })
      .returningAll()
      .executeTakeFirstOrThrow()
    for (const { subject, attribute, operator, value } of rules) {
      await db
        .insertInto('audience_rules')
        .values({ workspace_id: workspace.id, audience_id: audience.id, subject, attribute, operator, value })
        .execute()
    }
    return { ...audience, rules: [...rules] }
  })
}

export async function listAudiences(db: Db, workspace: Workspace): Promise<Audience[]> {
  const audiences = await db.selectFrom('audiences').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
  const rules = await db.selectFrom('audience_rules').selectAll().where('workspace_id', '=', workspace.id).orderBy('id').execute()
  return audiences.map((audience) => Object.assign(audience, { rules: rules.filter((rule) => rule.audience_id === audience.id) }))
}
