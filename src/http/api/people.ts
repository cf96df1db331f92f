import type { ContactId } from '#db/columns.ts'
import type { Part } from '#domain/conversations/parts.ts'
import { listTeammates } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import type { Db } from '#platform/database/database.ts'

type Written = Pick<Part, 'author_type' | 'author_id'>

export interface PresentedAuthor {
  type: string
  id: string
  name: string | null
  email: string | null
}

/** Who wrote these parts: one query for teammates, one for contacts. */
export async function findAuthors(db: Db, workspace: Workspace, parts: Written[]): Promise<(part: Written) => PresentedAuthor> {
  const ids = [...new Set(parts.filter((part) => !isOurs(part)).map((part) => part.author_id))] as ContactId[]
  const contacts =
    ids.length === 0
      ? []
      : await db
          .selectFrom('contacts')
          .select(['id', 'role', 'name', 'email'])
          .where('workspace_id', '=', workspace.id)
          .where('id', 'in', ids)
          .execute()
  const contactOf = new Map<string, (typeof contacts)[number]>(contacts.map((contact) => [contact.id, contact]))
  const teammates = parts.some(isOurs) ? await listTeammates(db, workspace) : []
  const teammateOf = new Map(teammates.map((teammate) => [String(teammate.id), teammate]))
  return (part) => {
    const person = isOurs(part) ? teammateOf.get(part.author_id) : contactOf.get(part.author_id)
    // The API knows no visitors: whoever has written is a lead at least.
    const type = part.author_type === 'visitor' ? 'lead' : part.author_type
    return { type, id: part.author_id, name: person?.name ?? null, email: person?.email ?? null }
  }
}

function isOurs({ author_type }: Written): boolean {
  return author_type === 'admin' || author_type === 'bot'
}
