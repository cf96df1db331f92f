import { isSetUp } from '#domain/installation/first-owner.ts'
import { resetSecondStep } from '#domain/teammates/change-second-step.ts'
import { inviteTeammate } from '#domain/teammates/invites.ts'
import { listTeam } from '#domain/teammates/list-team.ts'
import { createPasswordReset } from '#domain/teammates/password-resets.ts'
import { ROLES } from '#domain/teammates/roles.ts'
import { findTeammateByEmail, type Teammate } from '#domain/teammates/teammates.ts'
import { printTable, readWords, readWorkspaceWords, timeOf, UsageError, type Command, type Context } from './command.ts'

const text = { type: 'string' } as const

const setUpLink: Command = {
  name: ['setup-link'],
  usage: 'setup-link',
  says: 'the link that makes the first owner’s account; it works once',
  async run({ db, config, keys, print }, words) {
    readWords(words, [], {})
    if (await isSetUp(db)) return print(`There is an owner already: ${config.teamUrl}/sign-in`)
    print(`${config.teamUrl}/setup?code=${keys.setUpCode}`)
  },
}

const teammateList: Command = {
  name: ['teammate', 'list'],
  usage: 'teammate list APP_ID',
  says: 'who answers, and what each may do',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    const team = await listTeam(context.db, workspace)
    const rows = team.map(({ teammate: { email, name, role }, can_sign_in, has_second_step, last_seen_at }) => [
      ...[email, name, role, can_sign_in ? (has_second_step ? 'in two steps' : 'yes') : 'no'],
      timeOf(last_seen_at),
    ])
    printTable(context, [['E-MAIL', 'NAME', 'ROLE', 'SIGNS IN', 'LAST HERE'], ...rows])
  },
}

const teammateInvite: Command = {
  name: ['teammate', 'invite'],
  usage: 'teammate invite APP_ID EMAIL [--role owner|admin|agent|viewer]',
  says: 'a link by which they join; it works once, within a day',
  async run(context, words) {
    const { workspace, values, rest } = await readWorkspaceWords(context, words, ['EMAIL'], { role: text })
    const [email = ''] = rest
    const role = ROLES.find((role) => role === (values.role ?? 'agent'))
    if (!role) throw new UsageError(`${values.role} is none of ${ROLES.join(', ')}.`)
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`${email} is not an e-mail address.`)
    const { code } = await inviteTeammate(context.db, workspace, { email, role, by: null }, context.now)
    context.print(`${context.config.teamUrl}/invite?code=${code}`)
  },
}

const teammateReset: Command = {
  name: ['teammate', 'reset'],
  usage: 'teammate reset APP_ID EMAIL',
  says: 'a link that sets a new password; it works once, within an hour',
  async run(context, words) {
    const teammate = await readTeammate(context, words)
    context.print(`${context.config.teamUrl}/reset?code=${await createPasswordReset(context.db, teammate, null, context.now)}`)
  },
}

const teammateResetSecondStep: Command = {
  name: ['teammate', 'reset-second-step'],
  usage: 'teammate reset-second-step APP_ID EMAIL',
  says: 'for who lost phone and recovery codes; their sessions end, and the password alone signs in',
  async run(context, words) {
    const teammate = await readTeammate(context, words)
    await resetSecondStep(context.db, teammate, null, context.now)
    context.print(`${teammate.email} signs in with the password alone now: ${context.config.teamUrl}/sign-in`)
  },
}

export const teammateCommands = [setUpLink, teammateList, teammateInvite, teammateReset, teammateResetSecondStep]

async function readTeammate(context: Context, words: string[]): Promise<Teammate> {
  const { workspace, rest } = await readWorkspaceWords(context, words, ['EMAIL'], {})
  const [email = ''] = rest
  const teammate = await findTeammateByEmail(context.db, workspace, email)
  if (!teammate || teammate.removed_at !== null) throw new UsageError(`${email} is no teammate of ${workspace.name}.`)
  return teammate
}
