import type { CompanyId, ContactId, Instant, WorkspaceId } from '#db/columns.ts'
import { newHexId } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'

/** A company as a verified token states it. */
export interface StatedCompany {
  company_id: string
  name: string | null
  plan: string | null
  signed_up_at: number | null
  attributes: ReadonlyMap<
    string,
    { type: 'string' | 'number' | 'boolean' | 'date' | 'list'; text_value: string | null; number_value: number | null }
  >
}

type Member = { id: ContactId; workspace_id: WorkspaceId }

/** Joins the contact to the companies a token names; where the list is complete, memberships that came from tokens and are not named end. */
export async function stateCompanies(
  db: Db,
  contact: Member,
  stated: { companies: StatedCompany[]; complete: boolean },
  now: Instant,
): Promise<void> {
  const named: CompanyId[] = []
  // In one order for everybody, so that two sign-ins at once never wait for each other's rows.
  const inOrder = stated.companies.toSorted((a, b) => (a.company_id < b.company_id ? -1 : 1))
  for (const company of inOrder) named.push(await joinCompany(db, contact, company, now))
  if (!stated.complete) return
  await db
    .deleteFrom('company_memberships')
    .where('workspace_id', '=', contact.workspace_id)
    .where('contact_id', '=', contact.id)
    .where('source', '=', 'token')
    .$if(named.length > 0, (query) => query.where('company_id', 'not in', named))
    .execute()
}

async function joinCompany(db: Db, { id: contact_id, workspace_id }: Member, stated: StatedCompany, now: Instant): Promise<CompanyId> {
  const { name, plan, signed_up_at } = stated
  const company = await db
    .insertInto('companies')
    .values({
      id: newHexId() as CompanyId,
      workspace_id,
      company_id: stated.company_id,
      name,
      plan,
      signed_up_at,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'company_id']).doUpdateSet((row) => ({
        name: row.fn.coalesce('excluded.name', 'companies.name'),
        plan: row.fn.coalesce('excluded.plan', 'companies.plan'),
        signed_up_at: row.fn.coalesce('excluded.signed_up_at', 'companies.signed_up_at'),
        updated_at: now,
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [attribute, value] of stated.attributes) {
    const column = { ...value, source: 'token' as const, updated_at: now }
    await db
      .insertInto('company_attributes')
      .values({ workspace_id, company_id: company.id, name: attribute, ...column })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'company_id', 'name']).doUpdateSet(column))
      .execute()
  }
  await db
    .insertInto('company_memberships')
    .values({ workspace_id, contact_id, company_id: company.id, source: 'token', created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return company.id
}
