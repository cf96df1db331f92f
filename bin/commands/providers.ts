import { readFileSync } from 'node:fs'
import { checkProvider } from '#domain/openid/openid.ts'
import { addProvider, ID_TOKEN_ALGORITHMS, listProviders, removeProvider, type IdTokenAlgorithm } from '#domain/openid/providers.ts'
import { listHosts } from '#domain/workspaces/workspaces.ts'
import { printTable, readWorkspaceWords, UsageError, type Command, type Context } from './command.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const providerAdd: Command = {
  name: ['provider', 'add'],
  usage:
    'provider add APP_ID NAME --issuer URL --client-id ID [--client-secret-file FILE|-] [--scopes …] [--alg RS256|PS256|ES256|EdDSA] [--domains acme.com,…] [--unchecked]',
  says: 'readers may sign in with this OpenID provider',
  async run(context, words) {
    const options = {
      ...{ issuer: text, 'client-id': text, 'client-secret-file': text, scopes: text, alg: text, domains: text, unchecked: flag },
    }
    const {
      workspace,
      values,
      rest: [name = ''],
    } = await readWorkspaceWords(context, words, ['NAME'], options)
    const { issuer, 'client-id': client_id } = values
    if (issuer === undefined || client_id === undefined) throw new UsageError('--issuer and --client-id are needed.')
    const algorithms = values.unchecked ? undefined : await checkedAlgorithms(context, { issuer, client_id })
    const added = await addProvider(context.db, context.encryption, workspace, {
      name,
      issuer,
      client_id,
      client_secret: values['client-secret-file'] === undefined ? undefined : readSecret(values['client-secret-file']),
      scopes: values.scopes,
      id_token_alg: chooseAlgorithm(values.alg, algorithms),
      email_domains: values.domains?.split(',').filter((domain) => domain.trim() !== ''),
      now: context.now,
    })
    context.print(
      `Added provider ${added.id}. Its ID tokens are signed with ${added.id_token_alg}. Register with it, as redirect addresses:`,
    )
    for (const { origin } of await listHosts(context.db, workspace)) context.print(`  ${origin}/login/oidc/callback`)
    if (added.email_domains === '')
      context.print('Everybody whom it knows may sign in, and then reads what is meant for users. To allow only some addresses: --domains')
  },
}

const providerList: Command = {
  name: ['provider', 'list'],
  usage: 'provider list APP_ID',
  says: 'names, issuers, client ids; never the secrets',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    const rows = (await listProviders(context.db, workspace)).map((one) => [
      ...[one.id, one.name, one.issuer, one.client_id, one.client_secret_encrypted === null ? 'no' : 'yes'],
      ...[one.scopes, one.id_token_alg, one.email_domains || null],
    ])
    printTable(context, [['ID', 'NAME', 'ISSUER', 'CLIENT ID', 'SECRET', 'SCOPES', 'ALG', 'DOMAINS'], ...rows])
  },
}

const providerRetire: Command = {
  name: ['provider', 'retire'],
  usage: 'provider retire APP_ID ID',
  says: 'nobody signs in with it any more, and it is removed; who did stays signed in',
  async run(context, words) {
    const {
      workspace,
      rest: [id = ''],
    } = await readWorkspaceWords(context, words, ['ID'], {})
    if (!/^\d{1,15}$/.test(id)) throw new UsageError(`${id} is not the id of a provider; latchkey provider list shows them.`)
    await removeProvider(context.db, workspace, Number(id))
    context.print(`Retired provider ${id}.`)
  },
}

export const providerCommands: Command[] = [providerAdd, providerList, providerRetire]

async function checkedAlgorithms({ httpClient }: Context, provider: { issuer: string; client_id: string }): Promise<readonly string[]> {
  const checked = URL.canParse(provider.issuer)
    ? await checkProvider(httpClient, provider)
    : { ok: false as const, detail: 'This is not an address.' }
  if (!checked.ok)
    throw new UsageError(`${provider.issuer} is no provider that can be asked. ${checked.detail}\nTo add it all the same: --unchecked`)
  return checked.algorithms
}

/** What was chosen, else RS256 if the provider signs so, else the first that it and we know. */
function chooseAlgorithm(chosen: string | undefined, offered: readonly string[] | undefined): IdTokenAlgorithm {
  const wanted = chosen === undefined ? ID_TOKEN_ALGORITHMS : ID_TOKEN_ALGORITHMS.filter((one) => one === chosen)
  const found = wanted.find((one) => offered === undefined || offered.includes(one))
  if (found === undefined)
    throw new UsageError(
      `The provider signs with ${offered?.join(', ') ?? 'another algorithm'}; taken are ${ID_TOKEN_ALGORITHMS.join(', ')}.`,
    )
  return found
}

/** From a file or standard input: what stands on a command line is read by everybody on the machine. */
function readSecret(file: string): string {
  const secret = readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  if (secret === '') throw new UsageError('The client secret is empty.')
  return secret
}
