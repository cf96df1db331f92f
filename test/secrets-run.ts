import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ada } from '#test/cast.ts'
import { ask, dumpTables, type Question } from '#test/desk.ts'
import { acme, browsers, day, desk, house, note, provider, remember, routes, token, WORDS } from '#test/secrets-day.ts'
import { boots, handoffs, keyPairs, logins, mailedLinks, messages, otherDoors, providers } from '#test/secrets-of-people.ts'
import { settings, team } from '#test/secrets-of-the-team.ts'
import { teamBrowser } from '#test/team.ts'

const [, , output = ''] = process.argv
await boots()
await keyPairs()
await logins()
await otherDoors()
await handoffs()
await mailedLinks()
await providers()
await messages()
await everyPage()
await builtFiles()
await team()
await settings()
await failures()
for (const [name, browser] of Object.entries(browsers))
  for (const [cookie, value] of browser.cookies) if (value.length > 20) remember(`${cookie} of ${name}`, value)
await house.app.decisions.flush()
await house.app.touches.flush()
day.tables = Object.fromEntries(await dumpTables(house))
writeFileSync(output, JSON.stringify(day))
await house.close()
await provider.close()

async function everyPage() {
  const paths = [
    ...new Set(
      routes.filter(({ method, url }) => method === 'GET' && !/[:*]/.test(url) && url !== '/messenger/stream').map(({ url }) => url),
    ),
  ]
  for (const path of [...paths, '/en', `/tickets/${desk.ids.number}`, `/widget/acme`]) {
    const question: Question = { method: 'GET', path }
    note(path, await ask(house, path.startsWith('/api') ? { token: desk.token } : { browser: desk.ada, tenant: acme }, question))
  }
  for (const headers of [
    { authorization: `Bearer ${desk.token}x` },
    { authorization: `Basic ${desk.token}` },
    { 'intercom-version': desk.token },
  ]) {
    note('a refused call', await ask(house, { token: desk.token }, { method: 'GET', path: '/api/me', headers }))
  }
}

/** On the host that serves each; the manifests of the build are nobody's. */
async function builtFiles() {
  const owner = teamBrowser(house, { secret: desk.team.secret })
  const files = globSync('**/*.{js,css}', { cwd: join(import.meta.dirname, '../dist/web') })
  const addresses = new Set([...files.map((file) => `/${file}`), ...routes.filter(({ url }) => url.endsWith('.js')).map(({ url }) => url)])
  for (const path of [...addresses].flatMap((address) => [address, `${address}.map`])) {
    const both = [await desk.ada.get(path), await owner.get(path)]
    const { statusCode, body } = both.find((answer) => answer.statusCode === 200) ?? both[0] ?? { statusCode: 0, body: '' }
    day.built.push({ path, status: statusCode, text: body })
  }
}

/** What nobody expects: the tables are gone while people write, boot and call. */
async function failures() {
  const { schema } = house.db
  await schema.alterTable('conversation_parts').renameTo('lost_parts').execute()
  note('a failing message', await desk.ada.post('/messenger/conversations', { client_id: 'lost', body: WORDS }))
  note(
    'a failing call',
    await ask(
      house,
      { token: desk.token },
      { method: 'POST', path: `/api/conversations/${desk.ids.chat}/reply`, json: { type: 'admin', message_type: 'comment', body: WORDS } },
    ),
  )
  await schema.alterTable('lost_parts').renameTo('conversation_parts').execute()
  await schema.alterTable('contacts').renameTo('lost_contacts').execute()
  note('a failing boot', await house.browser().boot(token({ ...ada, user_id: 'lost', name: WORDS })))
  note('a failing login', await house.browser().get(`/login/jwt?jwt=${token({ ...ada, jti: 'lost' })}`))
  await schema.alterTable('lost_contacts').renameTo('contacts').execute()
}
