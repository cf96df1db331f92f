import type { SessionId } from '#db/columns.ts'
import { blockContact, findContactByExternalId, getContact, unblockContact, type Contact } from '#domain/contacts/contacts.ts'
import { searchLoginLog } from '#domain/identity/search-login-log.ts'
import { endSession, endSessionsOfContact, listSessions } from '#domain/sessions/sessions.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { printTable, readWorkspaceWords, timeOf, UsageError, type Command, type Context } from './command.ts'

const text = { type: 'string' } as const

const sessionList: Command = {
  name: ['session', 'list'],
  usage: 'session list APP_ID USER_ID',
  says: 'where a user is signed in; USER_ID is yours or a contact’s id',
  async run(context, words) {
    const {
      workspace,
      rest: [user = ''],
    } = await readWorkspaceWords(context, words, ['USER_ID'], {})
    const contact = await getPerson(context, workspace, user)
    const sessions = await listSessions(context.db, workspace, { contact_id: contact.id, now: context.now })
    const rows = sessions.map((one) => [
      one.id,
      one.kind,
      one.door,
      one.platform,
      timeOf(one.created_at),
      timeOf(one.last_seen_at),
      one.device,
    ])
    printTable(context, [['ID', 'KIND', 'DOOR', 'PLATFORM', 'BEGAN', 'LAST SEEN', 'DEVICE'], ...rows])
  },
}

const sessionEnd: Command = {
  name: ['session', 'end'],
  usage: 'session end APP_ID (USER_ID | --id SESSION)',
  says: 'sign a user out everywhere, or end one session',
  async run(context, words) {
    const hasId = words.some((word) => word.startsWith('--id'))
    const {
      workspace,
      values,
      rest: [user = ''],
    } = await readWorkspaceWords(context, words, hasId ? [] : ['USER_ID'], { id: text })
    if (values.id === undefined) {
      const contact = await getPerson(context, workspace, user)
      const ended = await endSessionsOfContact(context.db, workspace, contact.id)
      return context.print(`Ended ${ended.length} sessions.`)
    }
    if (!/^\d{1,15}$/.test(values.id)) throw new UsageError(`${values.id} is not the id of a session.`)
    const ended = await endSession(context.db, workspace, Number(values.id) as SessionId)
    context.print(ended ? 'Ended 1 session.' : 'There was no such session.')
  },
}

const contactBlock: Command = {
  name: ['contact', 'block'],
  usage: 'contact block APP_ID USER_ID',
  says: 'sign them out and let them in no more',
  async run(context, words) {
    const {
      workspace,
      rest: [user = ''],
    } = await readWorkspaceWords(context, words, ['USER_ID'], {})
    const ended = await blockContact(context.db, workspace, await getPerson(context, workspace, user), context.now)
    context.print(`Blocked ${user} and ended ${ended.length} sessions.`)
  },
}

const contactUnblock: Command = {
  name: ['contact', 'unblock'],
  usage: 'contact unblock APP_ID USER_ID',
  says: 'let them in again',
  async run(context, words) {
    const {
      workspace,
      rest: [user = ''],
    } = await readWorkspaceWords(context, words, ['USER_ID'], {})
    await unblockContact(context.db, workspace, await getPerson(context, workspace, user), context.now)
    context.print(`Unblocked ${user}.`)
  },
}

const loginLog: Command = {
  name: ['login-log'],
  usage: 'login-log APP_ID [--limit 50] [--user USER_ID] [--outcome refused] [--json]',
  says: 'what was decided at the doors, newest first, with the precise fault',
  async run(context, words) {
    const options = { limit: text, user: text, outcome: text, json: { type: 'boolean' } } as const
    const { workspace, values } = await readWorkspaceWords(context, words, [], options)
    const limit = Number(values.limit ?? 50)
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new UsageError('--limit is a whole number from 1 to 10000.')
    const log = await searchLoginLog(context.db, workspace, { filter: { user_id: values.user, outcome: values.outcome }, limit })
    if (values.json) return log.forEach((row) => context.print(JSON.stringify(row)))
    const rows = log.map((one) => [
      timeOf(one.at),
      one.outcome,
      one.code,
      one.user_id,
      one.door,
      one.platform,
      one.kid,
      one.origin,
      one.hint,
    ])
    printTable(context, [['AT', 'OUTCOME', 'CODE', 'USER_ID', 'DOOR', 'PLATFORM', 'KID', 'ORIGIN', 'HINT'], ...rows])
  },
}

export const peopleCommands: Command[] = [sessionList, sessionEnd, contactBlock, contactUnblock, loginLog]

/** By the customer's own id, else by the contact's. */
async function getPerson({ db }: Context, workspace: Workspace, user: string): Promise<Contact> {
  return (await findContactByExternalId(db, workspace, user)) ?? getContact(db, workspace, user)
}
