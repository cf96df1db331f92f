import type { Selectable } from 'kysely'
import type { CompaniesTable } from '#db/contact-tables.ts'
import type { Contact } from '#domain/contacts/contacts.ts'
import type { Db } from '#platform/database/database.ts'

export type Company = Selectable<CompaniesTable>

/** By name; memberships come only from signed claims, the API and teammates. */
export async function listCompaniesOf(db: Db, contact: Contact): Promise<Company[]> {
  return db
    .selectFrom('companies')
    .innerJoin('company_memberships', (join) =>
      join
        .onRef('company_memberships.workspace_id', '=', 'companies.workspace_id')
        .onRef('company_memberships.company_id', '=', 'companies.id'),
    )
    .selectAll('companies')
    .where('companies.workspace_id', '=', contact.workspace_id)
    .where('company_memberships.contact_id', '=', contact.id)
    .orderBy('companies.name')
    .orderBy('companies.id')
    .execute()
}
