import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addPublicKey, createSecret } from '#domain/identity/signing-keys.ts'
import { addProvider } from '#domain/openid/providers.ts'
import { createLoginLink } from '#domain/identity/login-links.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { ask, dumpTables, openDesk, type Question } from '#test/desk.ts'
import { openHouse, type Browser } from '#test/house.ts'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'
import { codeOf, teamBrowser, type TeamBrowser } from '#test/team.ts'
import { openMailbox } from '#test/mailbox.ts'
import { openProvider } from '#test/openid-provider.ts'
import { recordRoutes } from '#test/routes.ts'

/** A day in the house, run by `secrets.test.ts` in a process of its own so that everything it prints can be read. */
export interface Day {
  /** By what it is: what must not be found, and where it may be found nevertheless. */
  secrets: { is: string; text: string; of: 'machine' | 'person' }[]
  answers: { to: string; text: string }[]
  /** The built files by their address, and the source map that might lie beside each. */
  built: { path: string; status: number; text: string }[]
  tables: Record<string, string>
}

const WORDS = 'Nobody but Tess may read this sentence'
const [, , output = ''] = process.argv
const day: Day = { secrets: [], answers: [], built: [], tables: {} }
const routes = recordRoutes()
const mailbox = await openMailbox()
const provider = await openProvider()
const house = await openHouse({
  LATCHKEY_LOG: 'debug',
  LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '10000',
  LATCHKEY_OUTGOING_ALLOW: '127.0.0.1',
  LATCHKEY_OUTGOING_PORTS: String(provider.port),
  ...mailbox.environment,
})
provider.now = house.now
await house.change({ login_url: 'https://app.acme.test/login', test_mode: 1, email_links: 1 })
const { acme, globex } = house.tenants
const desk = await openDesk(house, acme)
const second = await createSecret(house.db, house.encryption, acme.workspace, { name: 'second', now: house.now() })
remember('the messenger secret', acme.secret)
remember('the second messenger secret', second.secret)
remember('the secret of the other workspace', globex.secret)
remember('the API token', desk.token)
remember('what a person wrote', WORDS, 'person')

const own = { origin: acme.help, headers: { 'sec-fetch-site': 'same-origin' } }
const browsers: Record<string, Browser> = { ada: desk.ada, somebody: house.browser(), byDoor: house.browser() }
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

async function boots() {
  for (const [name, person] of [
    ['ada', ada],
    ['somebody', { ...ben, user_id: 'some body' }],
  ] as const) {
    const jwt = token(person)
    note('a boot', await browsers[name]?.boot(jwt))
  }
  const expired = token({ ...ada, exp: 1 })
  const forged = signJwt(ada, globex.secret)
  remember('a forged JWT', forged)
  note(
    'a boot from elsewhere',
    await house.post('/messenger/boot', { app_id: 'acme', intercom_user_jwt: forged }, { origin: 'https://evil.test' }),
  )
  for (const jwt of [expired, forged, `Bearer ${forged}`, forged.slice(0, -3), `${forged}.${forged}`]) {
    note('a refused boot', await house.browser().boot(jwt))
    note('a refused boot', await house.browser().boot(undefined, { user_id: 'ada', user_hash: jwt.slice(-64) }))
    note('a refused boot', await house.browser().boot(jwt, { app_id: jwt.slice(0, 40), platform: jwt }))
  }
}

/** Of a key pair only the public half may be anywhere, however the private one was pasted. */
async function keyPairs() {
  const pair = makeKeyPair('ES256')
  const jwk = pair.privateKey.export({ format: 'jwk' })
  remember('a private key', String(jwk.d))
  const key = { name: 'Backend', algorithm: 'ES256' as const, issuer: 'https://app.acme.test', audience: 'support', now: house.now() }
  for (const text of [JSON.stringify(jwk), String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))])
    await addPublicKey(house.db, acme.workspace, { ...key, text }).then(
      () => Promise.reject(new Error('A private key was taken.')),
      (refusal: unknown) => day.answers.push({ to: 'a private key 422', text: String(refusal) }),
    )
  await addPublicKey(house.db, acme.workspace, { ...key, text: pair.pem })
  house.pass(1001)
  for (const more of [{}, { iss: 'https://elsewhere.test' }, { exp: 1 }]) {
    const said = { user_id: 'by-key', iss: key.issuer, aud: key.audience, exp: Math.floor(house.now() / 1000) + 60, ...more }
    const jwt = signWith(pair, said)
    remember('a JWT of a key pair', jwt)
    note('a boot with a key pair', await house.browser().boot(jwt))
    note('a login with a key pair', await house.browser().get(`/login/jwt?jwt=${jwt}`))
  }
}

async function logins() {
  const jwt = token({ ...ada, user_id: 'by-door', jti: 'one' })
  for (const path of [`/login/jwt?jwt=${jwt}`, '/login/continue', '/login?return_to=/tickets'])
    note(path.slice(0, 12), await browsers['byDoor']?.get(path))
  for (const [cookie, value] of browsers['byDoor']?.cookies ?? [])
    if (cookie.endsWith('continue')) remember('the code of a login that waits', value)
  note('the button', await browsers['byDoor']?.post('/login/continue', {}, { ...own, form: true }))
  for (const again of [jwt, token({ ...ada, exp: 1 }), token({ ...ada, email: 5, jti: 'two' })]) {
    note('a refused login', await house.browser().get(`/login/jwt?jwt=${again}`))
    note('a refused login', await house.browser().post('/login/jwt', { jwt: again }, { form: true }))
    note('a mistyped address', await house.browser().get(`/login/jwtt?jwt=${again}`))
  }
}

async function otherDoors() {
  const { url } = await createLoginLink(house.db, acme.workspace, { user_id: 'ada' }, house.now())
  const { pathname } = new URL(url)
  remember('the code of a sign-in link', pathname.split('/').at(-1) ?? '')
  const guest = house.browser()
  note('a sign-in link', await guest.get(pathname))
  note('its button', await guest.post(pathname, {}, { ...own, form: true }))
  note('a sign-in link that was used', await guest.get(pathname))
  note('a mistyped sign-in link', await guest.get(`${pathname}x`))
  browsers['byLink'] = guest
  await house.change({ cookie_door: 1 })
  const exp = Math.floor(house.now() / 1000) + 60
  for (const more of [{ aud: 'acme:cookie' }, { aud: 'acme' }]) {
    const jwt = token({ ...ada, user_id: 'by-cookie', exp, ...more })
    const browser = house.browser()
    browser.cookies.set('__Secure-latchkey_user_jwt', jwt)
    note('a page with the sign-in cookie', await browser.get('/tickets'))
    note('another door for it', await house.browser().get(`/login/jwt?jwt=${jwt}`))
    browsers[`by cookie ${more.aud}`] = browser
  }
  for (const path of ['/access/jwt', '/api/sso/jwt', '/authcallback']) {
    const jwt = token({ ...ada, jti: path, exp: 1 })
    note('another product’s address', await house.browser().post(path, { jwt, token: jwt }, { form: true }))
    for (const mistyped of ['', 't'])
      note('another product’s address', await house.browser().get(`${path}${mistyped}?jwt=${jwt}&token=${jwt}`))
  }
  await house.change({ cookie_door: 0 })
}

async function handoffs() {
  await addHost(house.db, acme.workspace, 'https://docs.acme.test', house.now())
  house.pass(1001)
  const answer = await desk.ada.get('/login/handoff/start?to=https://docs.acme.test/tickets')
  const code = new URL(String(answer.headers.location)).searchParams.get('code') ?? ''
  remember('the code of a hand-over', code)
  const embedded = house.browser({ ...acme, help: 'https://docs.vendor.test' })
  await addHost(house.db, acme.workspace, 'https://docs.vendor.test', house.now())
  const { headers } = (await embedded.boot(token(ben))).json()
  remember('the bearer of a page on another site', headers.authorization.slice(7))
  const link = await embedded.post('/messenger/handoffs', { to: '/tickets' }, { headers, origin: 'https://docs.vendor.test' })
  remember('the code of a link', new URL(link.json().url).searchParams.get('code') ?? '')
  for (const [cookie, value] of embedded.cookies) remember(`${cookie} of a page on another site`, value)
  note('a page on another site', await embedded.get('/messenger/conversations', { headers }))
  const docs = house.browser({ ...acme, help: 'https://docs.acme.test' })
  for (let taken = 0; taken < 2; taken += 1) note('a hand-over', await docs.get(`/login/handoff?code=${code}`))
}

async function mailedLinks() {
  const browser = (browsers['byMail'] = house.browser())
  const ask = () => browser.post('/login/email', { email: 'a.reader.of.mail@king.test', return_to: '/en' }, { ...own, form: true })
  note('asking for a link', await ask())
  while (mailbox.mails.length === 0) await sleep(5)
  await mailbox.close()
  note('asking while the mail server is gone', await ask())
  const code = /code=([\w-]+)/.exec(mailbox.mails[0]?.text ?? '')?.[1] ?? ''
  remember('the code of a mailed link', code)
  remember('the address of a reader', 'a.reader.of.mail@king.test', 'person')
  note('a link of nobody', await browser.get(`/login/link?code=${code}x`))
  note('pressing a link', await browser.post('/login/link', { code }, { ...own, form: true }))
  note('pressing it again', await house.browser().post('/login/link', { code }, { ...own, form: true }))
}

async function providers() {
  const { client_id, client_secret } = provider.client
  remember('the client secret of a provider', client_secret)
  const given = { name: 'ID', issuer: provider.issuer, client_id, client_secret, now: house.now() }
  const { id } = await addProvider(house.db, house.encryption, acme.workspace, given)
  house.pass(1001)
  for (const bent of [{}, { foreignKey: true }, { error: 'access_denied' }, { tokenStatus: 500 }]) {
    provider.bent = bent
    const browser = (browsers[`byProvider ${Object.keys(bent).join('')}`] = house.browser())
    const away = await browser.get(`/login/oidc/start?provider=${id}&return_to=/en`)
    const there = await fetch(String(away.headers.location), { redirect: 'manual' })
    const back = String(there.headers.get('location')).replace(acme.help, '')
    const code = /code=([\w-]+)/.exec(back)?.[1]
    if (code !== undefined) remember('the code of a provider', code)
    remember('the state at a provider', /state=([\w-]+)/.exec(back)?.[1] ?? '')
    note('coming back from a provider', await browser.get(back))
  }
}

async function messages() {
  const { chat, ticket, number, type } = desk.ids
  const say = { client_id: 'secret-words', body: WORDS }
  const json = { type: 'admin', message_type: 'comment', body: WORDS }
  for (const path of ['/messenger/conversations', `/messenger/conversations/${chat}/parts`]) note('', await desk.ada.post(path, say))
  note('', await desk.ada.post(`/tickets/${number}/replies`, say, { ...own, form: true }))
  note('', await desk.ada.post(`/tickets/new/${type}`, { title: 'A ticket', description: WORDS }, { ...own, form: true }))
  for (const path of [`/api/conversations/${chat}/reply`, `/api/tickets/${ticket}/reply`])
    note('', await ask(house, { token: desk.token }, { method: 'POST', path, json }))
  for (const body of [WORDS.repeat(9000), WORDS.repeat(400), { [WORDS]: WORDS }])
    note('a refused message', await desk.ada.post('/messenger/conversations', { client_id: 'x', body }))
}

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

/** A sign-in, an invite and a new password of teammates. The codes of links are shown to whoever made them, and stored nowhere. */
async function team() {
  const owner = teamBrowser(house, { secret: desk.team.secret })
  const password = 'Charles is my engineer'
  const invited = await owner.ask('POST', '/app/invites', { email: 'new@acme.test', role: 'owner' })
  const code = codeIn(invited.body)
  const browser = teamBrowser(house)
  // The form that is shown again holds its code, so that answer is not one of those below.
  await browser.send('/invite', { name: 'New', password: 'password', code })
  for (const fields of [{ code: `${code}x` }, { code }])
    note('joining', await browser.send('/invite', { name: 'New', password, ...fields }))
  note('a refused sign-in', await browser.send('/sign-in', { email: 'new@acme.test', password: `${password}!` }))
  note('a sign-in', await browser.send('/sign-in', { email: 'new@acme.test', password }))
  note('a wrong password', await browser.ask('POST', '/app/password-checks', { password: `${password}?` }))
  const reset = codeIn((await browser.ask('POST', `/app/teammates/${desk.ids.colleague}/reset-link`, {})).body)
  note('a new password', await teamBrowser(house).send('/reset/password', { code: reset, password: `${password} two` }))
  await secondStep(browser, { email: 'new@acme.test', password })
  for (const path of ['/app/session', '/app/teammates', '/app/sessions', '/app/audit-log', '/settings/teammates'])
    note(path, await browser.ask('GET', path))
  remember('the session of the owner', desk.team.secret)
  remember('the session of a teammate', browser.cookies.get('__Host-latchkey-team') ?? '')
  remember('the password of a teammate', password)
  remember('the code of an invite', code)
  remember('the code of a new password', reset)
  remember('the code of the set-up', house.app.installationKeys.setUpCode)
}

/** The secret and the recovery codes are in the answers that show them once; the code is sent, and repeated by nobody. */
async function secondStep(browser: TeamBrowser, claim: { email: string; password: string }) {
  const drafted = await browser.ask('POST', '/app/second-step/drafts')
  const { draft, secret } = drafted.json<{ draft: string; secret: string }>()
  const turnedOn = await browser.ask('PUT', '/app/second-step', { draft, code: codeOf(secret, house.now()) })
  const { recovery_codes } = turnedOn.json<{ recovery_codes: string[] }>()
  remember('the secret of an authenticator app', secret)
  for (const code of recovery_codes) remember('a recovery code', code)
  for (const path of ['/app/second-step', '/app/teammates']) note(path, await browser.ask('GET', path))
  const half = teamBrowser(house)
  note('a right password', await half.send('/sign-in', claim))
  remember('a sign-in that waits for its code', half.cookies.get('__Host-latchkey-team-half') ?? '')
  note('the question for the code', await half.get('/sign-in/code'))
  for (const code of ['000000', secret]) note('a wrong code', await half.send('/sign-in/code', { code }))
  const [first = ''] = recovery_codes
  for (const code of [`${first}x`, first, first]) note('a recovery code', await half.send('/sign-in/recovery-code', { code }))
  remember('the session of two steps', half.cookies.get('__Host-latchkey-team') ?? '')
  note('a wrong code in the app', await browser.ask('DELETE', '/app/second-step', { code: '000000' }))
}

function codeIn(body: string): string {
  return /code=([\w-]{43})/.exec(body)?.[1] ?? ''
}

/** What nobody expects: the tables are gone while people write, boot and call. */
/** What is shown once is remembered and looked for everywhere else. */
async function settings() {
  const owner = teamBrowser(house, { secret: desk.team.secret })
  const post = async (path: string, body: object) => owner.ask('POST', `/app/login/${path}`, body)
  const made = await post('keys', { name: 'Made in the app', platforms: ['web'] })
  remember('a secret made in the app', made.json().secret)
  const minted = await post('test-tokens', { user_id: 'ada' })
  remember('a minted token', minted.json().token)
  const link = await post('links', { user_id: 'ada' })
  remember('the code of a link to open as a user', new URL(link.json().url).pathname.split('/').at(-1) ?? '')
  const forged = signJwt(ada, globex.secret, { header: { alg: 'HS256', kid: acme.kid } })
  remember('a token that was tested', forged)
  for (const token of [minted.json().token, forged, `Bearer ${forged}`, made.json().secret])
    note('the token tester', await post('token-tests', { token, door: 'boot', platform: 'web' }))
  const client = { name: 'ID', issuer: provider.issuer, client_id: 'another', client_secret: 'another secret of a client' }
  remember('a client secret given in the app', client.client_secret)
  note('adding a provider', await post('providers', client))
  for (const path of ['keys', 'providers', 'settings', 'log', 'snippets/node']) note(path, await owner.get(`/app/login/${path}`))
}

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

function token(person: object): string {
  const jwt = house.jwt(person)
  remember('a JWT', jwt)
  return jwt
}

/** Of a JWT the signature, so that no part of it passes either. */
function remember(is: string, text: string, of: 'machine' | 'person' = 'machine') {
  const secret = text.startsWith('eyJ') ? text.slice(text.lastIndexOf('.') + 1) : text
  day.secrets.push({ is, text: secret, of })
}

/** The cookie itself is the one place where a session's secret may travel. */
function note(to: string, answer: Awaited<ReturnType<typeof ask>> | undefined) {
  if (!answer) throw new Error('Nobody asked.')
  const headers = Object.entries(answer.headers).filter(([name]) => name !== 'set-cookie')
  day.answers.push({ to: `${to} ${answer.statusCode}`, text: `${JSON.stringify(headers)}\n${answer.body}` })
}
