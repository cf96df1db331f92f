import { readFileSync } from 'node:fs'
import { PUBLIC_ALGORITHMS } from '#domain/identity/public-keys.ts'
import {
  addJwks,
  addPublicKey,
  createSecret,
  listSigningKeys,
  retireSigningKey,
  type NewPublicKey,
  type SigningKeyRow,
} from '#domain/identity/signing-keys.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { printTable, readWorkspaceWords, timeOf, UsageError, type Command, type Context } from './command.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const PLATFORMS = ['web', 'ios', 'android'] as const

const options = {
  ...{ name: text, platforms: text, secret: flag, 'public-key': text, 'jwks-url': text },
  ...{ algorithm: text, issuer: text, audience: text, claim: { type: 'string', multiple: true } as const, 'may-assert-user-id': flag },
} as const

type Values = Awaited<ReturnType<typeof readWorkspaceWords<typeof options>>>['values']

const keyAdd: Command = {
  name: ['key', 'add'],
  usage: `key add APP_ID [--secret | --public-key FILE | --jwks-url URL] [--name …] [--platforms web,ios,android]
                                public keys also: --algorithm ${PUBLIC_ALGORITHMS.join('|')} --issuer ISS --audience AUD
                                [--claim user_id=sub --claim plan=app_metadata.plan …]; a JWKS: [--may-assert-user-id]`,
  says: 'a messenger secret, shown once; or a public key, or the address where an identity provider publishes its own',
  async run(context, words) {
    const { workspace, values } = await readWorkspaceWords(context, words, [], options)
    const kinds = [values.secret, values['public-key'], values['jwks-url']].filter((given) => given !== undefined)
    if (kinds.length > 1) throw new UsageError('Name one of --secret, --public-key and --jwks-url.')
    if (values['public-key'] !== undefined) return addPasted(context, workspace, { ...values, file: values['public-key'] })
    if (values['jwks-url'] !== undefined) return addPublished(context, workspace, { ...values, url: values['jwks-url'] })
    const { row, secret } = await createSecret(context.db, context.encryption, workspace, newKey(context, values))
    context.print(`kid      ${row.kid}\nsecret   ${secret}\nThe secret is shown this once.`)
  },
}

const keyList: Command = {
  name: ['key', 'list'],
  usage: 'key list APP_ID',
  says: 'kids, algorithms, platforms, last use, and how a JWKS was last read; never the secrets',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    const rows = (await listSigningKeys(context.db, workspace)).map((key) => [
      ...[key.kid, key.name, key.algorithm, PLATFORMS.filter((platform) => key[platform] === 1).join(',')],
      ...[timeOf(key.last_used_at), timeOf(key.retired_at), key.issuer, key.audience, readingOf(key)],
    ])
    printTable(context, [['KID', 'NAME', 'ALGORITHM', 'PLATFORMS', 'LAST USED', 'RETIRED', 'ISSUER', 'AUDIENCE', 'KEYS READ'], ...rows])
  },
}

const keyRetire: Command = {
  name: ['key', 'retire'],
  usage: 'key retire APP_ID KID [--end-sessions]',
  says: 'refuse its tokens from now on; sign out whom it signed in',
  async run(context, words) {
    const {
      workspace,
      values,
      rest: [kid = ''],
    } = await readWorkspaceWords(context, words, ['KID'], { 'end-sessions': flag })
    const ended = await retireSigningKey(context.db, workspace, kid, {
      now: context.now,
      endSessions: values['end-sessions'] ?? false,
    })
    context.print(`Retired ${kid}${values['end-sessions'] ? ` and ended ${ended.length} sessions` : ''}.`)
  },
}

export const keyCommands: Command[] = [keyAdd, keyList, keyRetire]

async function addPasted(context: Context, workspace: Workspace, values: Values & { file: string }): Promise<void> {
  const row = await addPublicKey(context.db, workspace, { ...newPublicKey(context, values), text: readFileSync(values.file, 'utf8') })
  context.print(`kid      ${row.kid}\nIts tokens sign in from now on, if they name this issuer and this audience.`)
}

async function addPublished(context: Context, workspace: Workspace, values: Values & { url: string }): Promise<void> {
  const assertsUserId = values['may-assert-user-id'] ?? false
  const key = { ...newPublicKey(context, values), url: values.url, assertsUserId }
  const row = await addJwks(context.db, context.httpClient, workspace, key)
  const meaning = assertsUserId
    ? 'What it calls a person is your user_id.'
    : 'People it vouches for are contacts of their own; with --may-assert-user-id what it calls them would be your user_id.'
  context.print(`kid      ${row.kid}\n${meaning}`)
}

function newKey({ now }: Context, { name, platforms = PLATFORMS.join(',') }: Values) {
  const read = (word: string) =>
    PLATFORMS.find((platform) => platform === word.trim()) ?? refuse(`${word} is none of ${PLATFORMS.join(', ')}.`)
  return { name: name ?? 'Key', platforms: platforms.split(',').map(read), now }
}

function newPublicKey(context: Context, values: Values): NewPublicKey {
  const algorithm = PUBLIC_ALGORITHMS.find((one) => one === values.algorithm)
  const { issuer, audience, claim = [] } = values
  return {
    ...newKey(context, values),
    algorithm: algorithm ?? refuse(`--algorithm is one of ${PUBLIC_ALGORITHMS.join(', ')}.`),
    issuer: issuer ?? refuse('--issuer is missing: the iss of its tokens, exactly.'),
    audience: audience ?? refuse('--audience is missing: the aud of its tokens.'),
    claims: Object.fromEntries(claim.map(readClaim)),
  }
}

function readClaim(pair: string): [string, string] {
  const at = pair.indexOf('=')
  if (at < 1 || at === pair.length - 1) refuse(`--claim ${pair} is not of the form user_id=sub: our name, then theirs.`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function readingOf({ kind, fetched_at, fetch_fault }: SigningKeyRow): string | null {
  if (kind !== 'jwks') return null
  return fetch_fault === null ? timeOf(fetched_at) : `${timeOf(fetched_at)}, then: ${fetch_fault}`
}

function refuse(sentence: string): never {
  throw new UsageError(sentence)
}
