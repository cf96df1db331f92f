import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig, type Config } from '#config'
import { openInstallation, startServer, type RunningServer } from '#main'
import { encryptionWith } from '#platform/encryption/encryption.ts'
import { buildIfStale } from './build-if-stale.ts'
import { seedOwner, seedTenant, type Credentials, type DemoTeammate, type Tenant } from './demo-seed.ts'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: { port: { type: 'string', default: '4000' }, data: { type: 'string', default: join(root, 'data/demo') } },
})
const port = Number(values.port)
if (!Number.isInteger(port) || port < 1 || port > 65_533) throw new Error(`--port ${values.port} is not a port.`)
const folder = resolve(values.data)
const apiHost = `http://latchkey.localhost:${port}`
const children: ChildProcess[] = []

buildIfStale()
const config = readConfig({
  LATCHKEY_LOG: 'warn',
  ...process.env,
  ...{ LATCHKEY_DATA: folder, LATCHKEY_TEAM_URL: apiHost, LATCHKEY_LISTEN: 'localhost', PORT: String(port) },
})
const { acme, globex, teammates } = await seed(config)
writeNote()
const server = await startServer(config)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(server, 0))
for (const tenant of [acme, globex]) startApp(tenant)
printGuide()

async function seed(config: Config) {
  const { db, encryptionKey } = await openInstallation(config)
  const tools = { db, encryption: encryptionWith(encryptionKey, 'messenger-secrets'), now: Date.now() }
  const known = readNote()
  const place = (name: string, offset: number) => ({
    ...{ name, help_url: `http://help.${name.toLowerCase()}.localhost:${port}` },
    app_url: `http://app.${name.toLowerCase()}.localhost:${port + offset}`,
  })
  const acme = await seedTenant(tools, place('Acme', 1), known)
  const globex = await seedTenant(tools, place('Globex', 2), known?.other)
  const teammates: DemoTeammate[] = []
  for (const tenant of [acme, globex])
    teammates.push(
      await seedOwner(
        tools,
        tenant,
        known?.teammates?.find(({ email }) => email.endsWith(`@${tenant.name.toLowerCase()}.example`)),
      ),
    )
  await db.destroy()
  return { acme, globex, teammates }
}

type Note = Partial<Credentials> & { other?: Partial<Credentials>; teammates?: DemoTeammate[] }

function readNote(): Note | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as Note
  } catch {
    return undefined
  }
}

/** The secrets of the demo, for its own tests and the next run; nobody but this user can read it. */
function writeNote(): void {
  const { help_url, app_url, app_id, messenger_secret, kid, api_token } = acme
  const users = acme.people.map(({ company, ...person }) => ({ ...person, company: company.name }))
  const { people: _, name: _name, ...other } = globex
  const note = { help_url, app_url, api_url: apiHost, team_url: apiHost, app_id, messenger_secret, kid, api_token, users, teammates, other }
  const file = join(folder, 'demo.json')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}

/** A program of its own, as a customer's is. */
function startApp({ name, app_id, messenger_secret, kid, help_url, app_url }: Tenant): void {
  const settings = {
    PORT: new URL(app_url).port,
    HELP_URL: help_url,
    APP_ID: app_id,
    MESSENGER_SECRET: messenger_secret,
    KID: kid,
    COMPANY: name,
  }
  const child = spawn(process.execPath, [join(root, 'examples/acme/server.ts')], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  child.once('exit', (code) => {
    if (code !== null && code !== 0) console.error(`The app of ${name} stopped; is port ${settings.PORT} taken?`)
    void stop(server, code ?? 1)
  })
  children.push(child)
}

let stopping = false

async function stop(server: RunningServer, code: number): Promise<void> {
  if (stopping) return
  stopping = true
  for (const child of children) child.kill('SIGTERM')
  await server.close()
  process.exit(code)
}

function printGuide(): void {
  const people = (tenant: Tenant) =>
    tenant.people
      .map(({ name, email, password, company }) => `    ${email}  ${password}   ${name}, ${company.name} (${company.plan})`)
      .join('\n')
  console.log(`
Latchkey runs. Open the app first, as a customer's user would:

  Acme's app      ${acme.app_url}
${people(acme)}
  Globex's app    ${globex.app_url}
${people(globex)}

  Help Centers    ${acme.help_url}   ${globex.help_url}
  Tickets         ${acme.help_url}/tickets
  API             ${apiHost}/api
  Teammates       ${apiHost}
${teammates.map(({ email, password }) => `    ${email}  ${password}`).join('\n')}

Try this
  1. Log in to Acme's app as Ada: the Messenger knows her.
  2. Type ${acme.help_url} into the address bar: signed in there too, with articles for users.
  3. Open ${acme.help_url}/tickets: her tickets and her company's.
  4. Write in the Messenger, and answer as a teammate:
     curl ${apiHost}/api/conversations -H "Authorization: Bearer $(node -p 'require("${join(folder, 'demo.json')}").api_token')"
  5. Log out in the app: signed out everywhere.

Secrets and tokens are in ${join(folder, 'demo.json')}. Ctrl-C stops everything.`)
}
