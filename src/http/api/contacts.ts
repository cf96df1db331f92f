import { sql } from 'kysely'
import type { ContactId } from '#db/columns.ts'
import { getContact } from '#domain/contacts/contacts.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { App } from '#http/app-types.ts'
import { may } from './authenticate.ts'
import { PageQuery, presentPages, readPaging, type Paging } from './paging.ts'
import { presentContacts } from './present-contact.ts'
import { CONTACT_SORTS, contactFields } from './search/contact-fields.ts'
import { findPage, type PageOf } from './search/find-page.ts'
import { readSort, SearchBody } from './search/read-search.ts'
import { readQuery } from './search/search-language.ts'
import { ById } from './shapes.ts'

const PER_PAGE = 50
const EVERYBODY = sql`1 = 1`

export function contactRoutes(api: App) {
  api.get('/api/contacts/:id', { ...may('contacts:read'), schema: ById }, async ({ workspace, params }) => {
    const [contact] = await presentContacts(api.db, workspace, [await getContact(api.db, workspace, params.id)])
    return contact
  })

  api.get('/api/contacts', { ...may('contacts:read'), schema: { querystring: PageQuery } }, async ({ workspace, query }) => {
    const newestFirst = readSort(undefined, CONTACT_SORTS, 'created_at')
    return answerPage(api, workspace, { table: 'contacts', condition: EVERYBODY, ...newestFirst }, readPaging(query, PER_PAGE))
  })

  api.post('/api/contacts/search', { ...may('contacts:read'), schema: { body: SearchBody } }, async ({ workspace, body }) => {
    const condition = readQuery(body.query, contactFields)
    const sorted = readSort(body.sort, CONTACT_SORTS, 'created_at')
    return answerPage(api, workspace, { table: 'contacts', condition, ...sorted }, readPaging(body.pagination ?? {}, PER_PAGE))
  })
}

async function answerPage(api: App, workspace: Workspace, of: PageOf, paging: Paging) {
  const page = await findPage(api.db, workspace, of, paging)
  const ids = page.ids as ContactId[]
  const rows =
    ids.length === 0
      ? []
      : await api.db.selectFrom('contacts').selectAll().where('workspace_id', '=', workspace.id).where('id', 'in', ids).execute()
  const contacts = rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  return {
    type: 'list',
    data: await presentContacts(api.db, workspace, contacts),
    total_count: page.total,
    pages: presentPages(paging, page),
  }
}
