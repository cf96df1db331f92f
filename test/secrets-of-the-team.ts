import { ada, signJwt } from '#test/cast.ts'
import { codeOf, teamBrowser, type TeamBrowser } from '#test/team.ts'
import { acme, desk, globex, house, note, provider, remember } from '#test/secrets-day.ts'

/** A sign-in, an invite and a new password of teammates. The codes of links are shown to whoever made them, and stored nowhere. */
export async function team() {
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

/** What is shown once is remembered and looked for everywhere else. */
export async function settings() {
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
