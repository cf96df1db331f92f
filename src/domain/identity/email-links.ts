import type { Selectable } from 'kysely'
import type { EmailLinksTable } from '#db/login-tables.ts'
import type { Instant } from '#db/columns.ts'
import { Failure } from '#errors'
import { hashOf, newSecret } from '#platform/ids/ids.ts'
import type { Db } from '#platform/database/database.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'

export const LINK_LIVES_MS = 15 * 60_000

export type EmailLink = Selectable<EmailLinksTable>

export interface NewEmailLink {
  email: string
  return_to: string
  /** The secret of the browser that asks; only its hash is kept. */
  browser: string
}

/** Answers the code that is mailed and stored nowhere. */
export async function createEmailLink(
  db: Db,
  workspace: Workspace,
  { email, return_to, browser }: NewEmailLink,
  now: Instant,
): Promise<string> {
  const code = newSecret()
  await db
    .insertInto('email_links')
    .values({
      code_hash: hashOf(code),
      workspace_id: workspace.id,
      email,
      browser_hash: hashOf(browser),
      return_to,
      expires_at: now + LINK_LIVES_MS,
    })
    .execute()
  return code
}

/** Looks at a link without using it: who merely opens it, a mail scanner for one, changes nothing. */
export async function getEmailLink(db: Db, workspace: Workspace, code: string, now: Instant): Promise<EmailLink> {
  const link = await db
    .selectFrom('email_links')
    .selectAll()
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirst()
  return whileGood(link, now)
}

/** The link's single use; of two presses one gets it. */
export async function takeEmailLink(db: Db, workspace: Workspace, code: string, now: Instant): Promise<EmailLink> {
  const link = await db
    .deleteFrom('email_links')
    .where('code_hash', '=', hashOf(code))
    .where('workspace_id', '=', workspace.id)
    .returningAll()
    .executeTakeFirst()
  return whileGood(link, now)
}

/** True in the browser that asked for the link. */
export function isAskingBrowser({ browser_hash }: EmailLink, browser: string | undefined): boolean {
  return browser !== undefined && hashOf(browser) === browser_hash
}

function whileGood(link: EmailLink | undefined, now: Instant): EmailLink {
  if (!link || link.expires_at <= now) throw new Failure('email_link_expired')
  return link
}
