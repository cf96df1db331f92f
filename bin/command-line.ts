import { readConfig } from '#config'
import { installationKeys } from '#domain/installation/installation-keys.ts'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { openHttpClient } from '#platform/http-client/http-client.ts'
import { errors, Failure } from '#errors'
import { serve, openInstallation } from '#main'
import { UsageError, type Command, type Context } from './commands/command.ts'

const helpOn = (
  commands: readonly Pick<Command, 'usage' | 'says'>[],
) => `Latchkey: one JWT signs your user in to the Messenger, the Help Center and the Tickets Portal.

latchkey serve                  start the server
latchkey migrate                bring the database up to date, without starting
${commands.map(({ usage, says }) => `latchkey ${usage}\n${' '.repeat(32)}${says}`).join('\n')}

Settings come from the environment: LATCHKEY_DATA (folder), DATABASE_URL, LATCHKEY_ENCRYPTION_KEY, LATCHKEY_TEAM_URL,
LATCHKEY_LISTEN, PORT, LATCHKEY_TRUSTED_PROXIES, LATCHKEY_LOG, and more: docs/self-hosting.md.`

async function run(words: string[]): Promise<void> {
  const [first = 'help'] = words
  if (first === 'serve') return serve(readConfig(process.env))
  // A server needs none of them, and keeps what it once loaded.
  const { commands, doctor } = await import('./commands/commands.ts')
  if (['help', '--help', '-h'].includes(first)) return console.log(helpOn([doctor, ...commands]))
  if (first === 'migrate') {
    return withInstallation(async ({ migrated }) => console.log(migrated.length > 0 ? `Applied ${migrated.join(', ')}` : 'Nothing to do.'))
  }
  if (first === 'doctor') {
    process.exitCode = await doctor.run(words.slice(1), (line) => console.log(line))
    return
  }
  const command = commands.find(({ name }) => name.every((word, index) => words[index] === word))
  if (!command) throw new UsageError(`There is no command ${words.slice(0, 2).join(' ')}. latchkey help lists them.`)
  return withInstallation((context) => command.run(context, words.slice(command.name.length)))
}

async function withInstallation(body: (context: Context & { migrated: string[] }) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const { db, encryptionKey, migrated } = await openInstallation(config)
  try {
    await body({
      db,
      config,
      encryption: encryptionWith(encryptionKey, 'messenger-secrets'),
      httpClient: openHttpClient(config.outgoing),
      keys: installationKeys(encryptionKey),
      migrated,
      now: Date.now(),
      print: (line) => console.log(line),
    })
  } finally {
    await db.destroy()
  }
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  console.error(
    error instanceof Failure
      ? (error.detail ?? `${errors[error.code].sentence} ${errors[error.code].cure}`)
      : error instanceof Error
        ? error.message
        : error,
  )
  process.exitCode = isUsage ? 2 : 1
}
