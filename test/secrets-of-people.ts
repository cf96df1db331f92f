import { setTimeout as sleep } from 'node:timers/promises'
import { addPublicKey } from '#domain/identity/signing-keys.ts'
import { addProvider } from '#domain/openid/providers.ts'
import { createLoginLink } from '#domain/identity/login-links.ts'
import { addHost } from '#domain/workspaces/workspaces.ts'
import { ada, ben, signJwt } from '#test/cast.ts'
import { ask } from '#test/desk.ts'
import { makeKeyPair, signWith } from '#test/key-pairs.ts'
import { acme, browsers, day, desk, globex, house, mailbox, note, own, provider, remember, token, WORDS } from '#test/secrets-day.ts'

export async function boots() {
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
export async function keyPairs() {
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

export async function logins() {
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

export async function otherDoors() {
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

export async function handoffs() {
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

export async function mailedLinks() {
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

export async function providers() {
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

export async function messages() {
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
