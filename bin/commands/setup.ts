import { createSecret } from '#domain/identity/signing-keys.ts'
import { openWorkspace, type NewWorkspace } from '#domain/installation/open-workspace.ts'
import { createApiToken } from '#domain/teammates/api-tokens.ts'
import { addTeammate } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { atomically } from '#platform/database/database.ts'
import { readWords, snippetFor, UsageError, type Command, type Context } from './command.ts'

export interface NewInstallation extends NewWorkspace {
  teammate: { name: string; email: string }
}

export interface SetUp {
  workspace: Workspace
  helpOrigin: string
  kid: string
  secret: string
  token: string
}

/** A workspace with all it needs to work, or nothing. The secret and the token are known only to the caller. */
export async function setUpWorkspace(
  { db, encryption, now }: Pick<Context, 'db' | 'encryption' | 'now'>,
  wanted: NewInstallation,
): Promise<SetUp> {
  return atomically(db, async (db) => {
    const { workspace, host } = await openWorkspace(db, wanted, now)
    const { row, secret } = await createSecret(db, encryption, workspace, { name: 'First key', now })
    const teammate = await addTeammate(db, workspace, wanted.teammate, now)
    const { token } = await createApiToken(db, teammate, { name: 'First token', now })
    return { workspace, helpOrigin: host.origin, kid: row.kid, secret, token }
  })
}

export const setup: Command = {
  name: ['setup'],
  usage: 'setup NAME --host https://help.example.com --origin https://app.example.com [--teammate NAME --email ADDRESS --locale en …]',
  says: 'a workspace with its host, origin, first key, teammate and token',
  async run(context, words) {
    const text = { type: 'string' } as const
    const texts = { type: 'string', multiple: true } as const
    const { values, given } = readWords(words, ['NAME'], { host: text, origin: texts, teammate: text, email: text, locale: texts })
    const [name = ''] = given
    if (!values.host) throw new UsageError('--host is missing: the public address of the Help Center, such as https://help.example.com')
    if (!values.origin) throw new UsageError('--origin is missing: where your app runs, such as https://app.example.com')
    const email = values.email ?? `support@${new URL(values.host).hostname}`
    const wanted = {
      name,
      host: values.host,
      origins: values.origin,
      teammate: { name: values.teammate ?? `${name} support`, email },
      locales: values.locale ?? ['en'],
    }
    print(context, await setUpWorkspace(context, wanted))
  },
}

function print({ print, config }: Context, { workspace, helpOrigin, kid, secret, token }: SetUp): void {
  print(`Workspace ${workspace.name} is ready.

app_id             ${workspace.app_id}
Help Center        ${helpOrigin}
API                ${config.teamUrl}/api
messenger secret   ${secret}
  its kid          ${kid}
API token          ${token}

The secret and the token are shown this once: keep the secret on the server that signs, the token with whoever calls the API.

Sign HS256 with the secret as text, claim user_id, short exp. Then on your pages:

${snippetFor(workspace, helpOrigin)}`)
}
