import {
  addHost,
  addOrigin,
  changeWorkspace,
  createWorkspace,
  listHosts,
  listOrigins,
  listWorkspaces,
  makeHostPrimary,
  removeHost,
  removeOrigin,
  type WorkspaceSettings,
} from '#domain/workspaces/workspaces.ts'
import { printTable, readWords, readWorkspaceWords, UsageError, type Command } from './command.ts'

const text = { type: 'string' } as const

const workspaceList: Command = {
  name: ['workspace', 'list'],
  usage: 'workspace list',
  says: 'all workspaces',
  async run(context, words) {
    readWords(words, [], {})
    const workspaces = await listWorkspaces(context.db)
    const rows = workspaces.map((one) => [one.app_id, one.name, one.enforcement_web, one.login_url, one.logout_url])
    printTable(context, [['APP_ID', 'NAME', 'ENFORCED ON THE WEB', 'LOGIN URL', 'LOGOUT URL'], ...rows])
  },
}

const workspaceAdd: Command = {
  name: ['workspace', 'add'],
  usage: 'workspace add NAME',
  says: 'an empty workspace; setup does more',
  async run({ db, now, print }, words) {
    const {
      given: [name = ''],
    } = readWords(words, ['NAME'], {})
    const workspace = await createWorkspace(db, name, { now })
    print(`app_id ${workspace.app_id}`)
  },
}

const workspaceSet: Command = {
  name: ['workspace', 'set'],
  usage:
    'workspace set APP_ID [--name …] [--login-url URL] [--return-to-parameter return_to] [--logout-url URL] [--cookie-door on|off] [--enforce-web|-ios|-android enforce|report|off] [--require-exp on|off] [--test-mode on|off] [--portal on|off] [--email-links on|off] [--action-color #0f766e]',
  says: 'change settings; an empty address takes it away',
  async run(context, words) {
    const options = {
      ...{
        name: text,
        'login-url': text,
        'return-to-parameter': text,
        'logout-url': text,
        'cookie-door': text,
        'enforce-web': text,
        'enforce-ios': text,
        'enforce-android': text,
      },
      ...{ 'require-exp': text, 'test-mode': text, portal: text, 'email-links': text, 'action-color': text },
    }
    const { workspace, values } = await readWorkspaceWords(context, words, [], options)
    const settings = readSettings(values)
    if (Object.keys(settings).length === 0) throw new UsageError('Nothing to set. latchkey help shows the settings.')
    await changeWorkspace(context.db, workspace, settings)
    context.print(`Set ${Object.keys(settings).join(', ')}.`)
    if (settings.email_links === 1 && !context.config.mail)
      context.print('No mail can be sent yet, so the sign-in page does not offer it: LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM are not set.')
  },
}

const READERS: Record<string, (value: string, option: string) => WorkspaceSettings> = {
  name: (name) => ({ name }),
  'login-url': (value) => ({ login_url: readAddress(value) }),
  'return-to-parameter': (value) => ({ return_to_parameter: readParameterName(value) }),
  'cookie-door': (value) => ({ cookie_door: readFlag(value) }),
  'logout-url': (value) => ({ logout_url: readAddress(value) }),
  'enforce-web': (value) => ({ enforcement_web: readWord(value, ['enforce', 'report', 'off']) }),
  'enforce-ios': (value) => ({ enforcement_ios: readWord(value, ['enforce', 'report', 'off']) }),
  'enforce-android': (value) => ({ enforcement_android: readWord(value, ['enforce', 'report', 'off']) }),
  'require-exp': (value) => ({ require_exp: readFlag(value) }),
  'test-mode': (value) => ({ test_mode: readFlag(value) }),
  portal: (value) => ({ portal_on: readFlag(value) }),
  'email-links': (value) => ({ email_links: readFlag(value) }),
  'action-color': (value) => {
    if (!/^#[\da-f]{6}$/i.test(value)) throw new UsageError(`${value} is not a colour such as #0f766e.`)
    return { action_color: value }
  },
}

function readSettings(values: Record<string, string | undefined>): WorkspaceSettings {
  const settings: WorkspaceSettings = {}
  for (const [option, value] of Object.entries(values)) if (value !== undefined) Object.assign(settings, READERS[option]?.(value, option))
  return settings
}

function readAddress(value: string): string | null {
  if (value === '') return null
  const url = URL.parse(value)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`${value} is not an http(s) address.`)
  return url.href
}

function readParameterName(value: string): string {
  if (!/^[a-z][\w-]{0,39}$/i.test(value) || value === 'state') throw new UsageError(`${value} is not a parameter's name such as return_to.`)
  return value
}

function readWord<W extends string>(value: string, words: readonly W[]): W {
  const word = words.find((word) => word === value)
  if (word === undefined) throw new UsageError(`${value} is none of ${words.join(', ')}.`)
  return word
}

function readFlag(value: string): 0 | 1 {
  return readWord(value, ['on', 'off']) === 'on' ? 1 : 0
}

const hostAdd: Command = {
  name: ['host', 'add'],
  usage: 'host add APP_ID https://help.example.com',
  says: 'a public address of the Help Center, the portal and the Messenger',
  async run(context, words) {
    const {
      workspace,
      rest: [address = ''],
    } = await readWorkspaceWords(context, words, ['ADDRESS'], {})
    const { origin } = await addHost(context.db, workspace, address, context.now)
    context.print(`Added ${origin}`)
  },
}

const hostList: Command = {
  name: ['host', 'list'],
  usage: 'host list APP_ID',
  says: 'its public addresses; the others ask the primary one who is signed in',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    for (const { origin, is_primary } of await listHosts(context.db, workspace))
      context.print(is_primary === 1 ? `${origin}  primary` : origin)
  },
}

const hostSet: Command = {
  name: ['host', 'set'],
  usage: 'host set APP_ID https://help.example.com --primary',
  says: 'the host that all others ask who is signed in',
  async run(context, words) {
    const {
      workspace,
      values,
      rest: [address = ''],
    } = await readWorkspaceWords(context, words, ['ADDRESS'], { primary: { type: 'boolean' } })
    if (!values.primary) throw new UsageError('Nothing to set. A host can be made --primary.')
    const { origin } = await makeHostPrimary(context.db, workspace, address)
    context.print(`${origin} is the primary host now.`)
  },
}

const hostRemove: Command = {
  name: ['host', 'retire'],
  usage: 'host retire APP_ID https://help.example.com',
  says: 'serve it no longer; it is removed, and can be added again',
  async run(context, words) {
    const {
      workspace,
      rest: [address = ''],
    } = await readWorkspaceWords(context, words, ['ADDRESS'], {})
    await removeHost(context.db, workspace, address)
    context.print(`Removed ${address}`)
  },
}

const originAdd: Command = {
  name: ['origin', 'add'],
  usage: 'origin add APP_ID https://app.example.com',
  says: 'a site that may boot the Messenger',
  async run(context, words) {
    const {
      workspace,
      rest: [address = ''],
    } = await readWorkspaceWords(context, words, ['ADDRESS'], {})
    context.print(`Listed ${await addOrigin(context.db, workspace, address, context.now)}`)
  },
}

const originList: Command = {
  name: ['origin', 'list'],
  usage: 'origin list APP_ID',
  says: 'the sites that may',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    for (const origin of await listOrigins(context.db, workspace)) context.print(origin)
  },
}

const originRemove: Command = {
  name: ['origin', 'retire'],
  usage: 'origin retire APP_ID https://app.example.com',
  says: 'it may no longer; it is removed, and can be added again',
  async run(context, words) {
    const {
      workspace,
      rest: [address = ''],
    } = await readWorkspaceWords(context, words, ['ADDRESS'], {})
    await removeOrigin(context.db, workspace, address)
    context.print(`Removed ${address}`)
  },
}

export const workspaceCommands: Command[] = [
  workspaceList,
  workspaceAdd,
  workspaceSet,
  hostAdd,
  hostList,
  hostSet,
  hostRemove,
  originAdd,
  originList,
  originRemove,
]
