import { createApiToken, listApiTokens, readScopes, revokeApiToken, SCOPES } from '#domain/teammates/api-tokens.ts'
import { addTeammate, findTeammateByEmail, listTeammates } from '#domain/teammates/teammates.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { printTable, readWorkspaceWords, timeOf, UsageError, type Command, type Context } from './command.ts'

const text = { type: 'string' } as const
const DAY = 86_400_000

const tokenAdd: Command = {
  name: ['token', 'add'],
  usage: 'token add APP_ID [--email TEAMMATE] [--teammate NAME] [--name …] [--scopes contacts:read,…] [--days 90]',
  says: 'an API token that speaks as a teammate, shown once',
  async run(context, words) {
    const options = { name: text, email: text, teammate: text, scopes: text, days: text }
    const { workspace, values } = await readWorkspaceWords(context, words, [], options)
    const expires_at = values.days === undefined ? null : context.now + readDays(values.days) * DAY
    const scopes = values.scopes === undefined ? SCOPES : readScopes(values.scopes)
    const teammate = await findOrAddTeammate(context, workspace, values)
    const { row, token } = await createApiToken(context.db, teammate, {
      name: values.name ?? 'API token',
      scopes,
      expires_at,
      now: context.now,
    })
    context.print(`id      ${row.id}\ntoken   ${token}\nIt speaks as ${teammate.name} and is shown this once.`)
  },
}

const tokenList: Command = {
  name: ['token', 'list'],
  usage: 'token list APP_ID',
  says: 'ids, scopes, last use; never the tokens',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    const names = new Map((await listTeammates(context.db, workspace)).map(({ id, name }) => [id, name]))
    const tokens = await listApiTokens(context.db, workspace)
    const rows = tokens.map((one) => [
      ...[one.id, one.name, `lk_…${one.hint}`, names.get(one.teammate_id) ?? null, one.scopes.replaceAll(' ', ',')],
      ...[timeOf(one.last_used_at), timeOf(one.expires_at), timeOf(one.revoked_at)],
    ])
    printTable(context, [['ID', 'NAME', 'TOKEN', 'TEAMMATE', 'SCOPES', 'LAST USED', 'EXPIRES', 'REVOKED'], ...rows])
  },
}

const tokenRetire: Command = {
  name: ['token', 'retire'],
  usage: 'token retire APP_ID ID',
  says: 'refuse it from the next request on',
  async run(context, words) {
    const {
      workspace,
      rest: [id = ''],
    } = await readWorkspaceWords(context, words, ['ID'], {})
    if (!/^\d{1,15}$/.test(id)) throw new UsageError(`${id} is not the id of a token; latchkey token list shows them.`)
    await revokeApiToken(context.db, workspace, Number(id), context.now)
    context.print(`Retired token ${id}.`)
  },
}

export const accessCommands: Command[] = [tokenAdd, tokenList, tokenRetire]

async function findOrAddTeammate(
  { db, now }: Context,
  workspace: Workspace,
  { email, teammate }: { email?: string | undefined; teammate?: string | undefined },
) {
  const [first] = await listTeammates(db, workspace)
  if (email === undefined && first) return first
  if (email === undefined) throw new UsageError('This workspace has no teammate yet: name one with --teammate NAME --email ADDRESS.')
  const known = await findTeammateByEmail(db, workspace, email)
  return known ?? addTeammate(db, workspace, { email, name: teammate ?? email }, now)
}

function readDays(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new UsageError('--days is a whole number from 1 to 3650.')
  return days
}
