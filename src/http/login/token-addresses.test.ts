import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { prune } from '#jobs/prune.ts'
import { signJwt } from '#test/cast.ts'
import { openHouse, pathLedTo, type Browser, type House } from '#test/house.ts'

let house: House
before(async () => {
  house = await openHouse({ LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '100000' })
})
after(() => house.close())

let count = 0
const seconds = () => Math.floor(house.now() / 1000)
const unique = () => `jti-${(count += 1)}`
const sign = (claims: object) => signJwt(claims, house.tenants.acme.secret)
const person = { email: 'grace@navy.test', name: 'Grace Hopper' }
const json: Record<string, string> = { accept: 'application/json' }

interface Way {
  path: string
  token: string
  returnTo: string
  /** A good token of this address, as its own documentation has it, and what more it needs here. */
  claims: (more?: object) => object
}

const ways: Way[] = [
  { path: '/login/jwt', token: 'jwt', returnTo: 'return_to', claims: (more) => ({ ...person, user_id: 'grace', ...short(), ...more }) },
  {
    ...{ path: '/access/jwt', token: 'jwt', returnTo: 'return_to' },
    claims: (more) => ({ ...person, external_id: 'grace', iat: seconds(), jti: unique(), ...more }),
  },
  {
    ...{ path: '/api/v1/auth/access/jwt', token: 'jwt', returnTo: 'return_to' },
    claims: (more) => ({ ...person, userId: 'grace', ...short(), ...more }),
  },
  {
    ...{ path: '/authcallback', token: 'token', returnTo: 'returnTo' },
    claims: (more) => ({ sub: person.email, user_id: 'grace', ...short(), ...more }),
  },
  {
    ...{ path: '/api/sso/jwt', token: 'jwt', returnTo: 'return_to' },
    claims: (more) => ({ ...person, user_id: 'grace', picture: 'https://navy.test/grace.png', ...short(), ...more }),
  },
]
const short = () => ({ exp: seconds() + 120, jti: unique() })
const post = (way: Way, jwt: string, { browser = house.browser(), headers = json, ...more } = {}) =>
  browser.post(way.path, { [way.token]: jwt, [way.returnTo]: '/tickets?tab=company', ...more }, { form: true, headers })
const get = (way: Way, jwt: string, browser = house.browser()) =>
  browser.get(`${way.path}?${new URLSearchParams({ [way.token]: jwt, [way.returnTo]: '/tickets' }).toString()}`, { headers: json })
const codeOf = (response: { json: () => { errors: { code: string }[] } }) => response.json().errors[0]?.code
const whoIs = async (browser: Browser) => (await browser.boot()).json().contact
const attributesOf = async (user_id: string) => {
  const rows = await house.db
    .selectFrom('contact_attributes')
    .innerJoin('contacts', 'contacts.id', 'contact_attributes.contact_id')
    .select(['contact_attributes.name', 'text_value', 'number_value'])
    .where('external_id', '=', user_id)
    .orderBy('contact_attributes.name')
    .execute()
  return Object.fromEntries(rows.map(({ name, text_value, number_value }) => [name, text_value ?? number_value]))
}
const companiesOf = async (user_id: string) => {
  const rows = await house.db
    .selectFrom('company_memberships')
    .innerJoin('contacts', 'contacts.id', 'company_memberships.contact_id')
    .innerJoin('companies', 'companies.id', 'company_memberships.company_id')
    .select(['companies.company_id', 'companies.name'])
    .where('external_id', '=', user_id)
    .orderBy('companies.company_id')
    .execute()
  return rows.map((row) => ({ ...row }))
}
const contacts = async () => (await house.db.selectFrom('contacts').select('id').execute()).length

for (const way of ways)
  suite(way.path, () => {
    test('a form from a listed origin signs in and leads to a clean address', async () => {
      const browser = house.browser()
      const response = await post(way, sign(way.claims()), { browser })
      assert.deepEqual([response.statusCode, response.headers.location], [303, '/tickets?tab=company'])
      assert.equal(response.headers['referrer-policy'], 'no-referrer')
      const contact = await whoIs(browser)
      assert.deepEqual([contact.user_id, contact.email], ['grace', 'grace@navy.test'])
    })

    test('an address asks first, and burns nothing', async () => {
      const browser = house.browser()
      const jwt = sign(way.claims())
      assert.equal(pathLedTo(await get(way, jwt, browser)), '/login/continue')
      assert.equal((await whoIs(browser)).user_id, null)
      assert.equal((await post(way, jwt)).statusCode, 303)
    })

    test('a used token is refused at every address and at boot', async () => {
      const jwt = sign(way.claims({ user_id: 'grace' }))
      assert.equal((await post(way, jwt)).statusCode, 303)
      for (const other of ways.filter(({ path }) => path === way.path || path === '/login/jwt' || path === '/api/sso/jwt')) {
        const answer = await post(other, jwt)
        // A token without exp does not get as far as the replay check of a door that needs one.
        const expected = way.path === '/access/jwt' && other.path !== way.path ? 'user_jwt_exp_missing' : 'user_jwt_already_used'
        assert.equal(codeOf(answer), expected, other.path)
      }
      assert.equal(codeOf(await house.browser().boot(jwt)), 'user_jwt_already_used')
    })

    test('of three at once one is signed in', async () => {
      const jwt = sign(way.claims())
      const race = await Promise.all([post(way, jwt), post(way, jwt), post(way, jwt)])
      assert.deepEqual(
        race.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
        [303, 401, 401],
      )
    })

    test('a return address on another site leads to the start page', async () => {
      for (const address of ['https://evil.test/', '//evil.test', '/\\evil.test'])
        assert.equal((await post(way, sign(way.claims()), { [way.returnTo]: address })).headers.location, '/')
    })

    for (const [flaw, forge, code] of [
      [
        'without a user_id',
        () => sign({ ...way.claims(), user_id: '', external_id: undefined, userId: undefined }),
        'user_jwt_user_id_missing',
      ],
      ['out of date', () => sign(way.claims({ exp: seconds() - 90 })), 'user_jwt_expired'],
      ['signed with another secret', () => signJwt(way.claims(), house.tenants.globex.secret), 'user_jwt_invalid'],
      ['under HS512', () => signJwt(way.claims(), 'x', { header: { alg: 'HS512' } }), 'user_jwt_invalid'],
      ['for another audience', () => sign(way.claims({ aud: 'globex' })), 'user_jwt_audience_mismatch'],
      ['for the sign-in cookie', () => sign(way.claims({ aud: 'acme:cookie' })), 'user_jwt_only_for_cookie'],
      ['for both', () => sign(way.claims({ aud: ['acme', 'acme:cookie'] })), 'user_jwt_only_for_cookie'],
    ] as const)
      test(`a token ${flaw} signs nobody in and leaves nothing behind`, async () => {
        const before = await contacts()
        for (const send of [get, post]) {
          const browser = house.browser()
          const answer = send === get ? await get(way, forge(), browser) : await post(way, forge(), { browser })
          assert.deepEqual([answer.statusCode, codeOf(answer)], [401, code])
          assert.equal(browser.cookies.size, 0)
        }
        assert.equal(await contacts(), before)
      })

    test('without a token it says which parameter is missing', async () => {
      const answer = await house.browser().post(way.path, {}, { form: true, headers: json })
      assert.deepEqual([answer.statusCode, codeOf(answer)], [400, 'parameter_not_found'])
    })
  })

suite('the address of account sign-on', () => {
  const way = ways[1] as Way

  for (const [flaw, more, code] of [
    ['without iat', () => ({ iat: undefined }), 'user_jwt_iat_missing'],
    ['without jti', () => ({ jti: undefined }), 'user_jwt_jti_missing'],
    ['with an empty jti', () => ({ jti: '' }), 'user_jwt_jti_missing'],
    ['with iat as text', () => ({ iat: String(seconds()) }), 'user_jwt_times_invalid'],
    ['signed four minutes and a second ago', () => ({ iat: seconds() - 241 }), 'user_jwt_too_old'],
    ['signed in the future', () => ({ iat: seconds() + 120 }), 'user_jwt_not_yet_valid'],
    ['that knows only an e-mail', () => ({ external_id: undefined }), 'user_jwt_user_id_missing'],
    ['whose custom fields name a user_id', () => ({ external_id: undefined, user_fields: { user_id: 'ada' } }), 'user_jwt_user_id_missing'],
    ['with a fractional external_id', () => ({ external_id: 1.5 }), 'user_jwt_user_id_invalid'],
  ] as const)
    test(`refuses a token ${flaw}`, async () => {
      const answer = await post(way, sign(way.claims(more())))
      assert.deepEqual([answer.statusCode, codeOf(answer)], [401, code])
    })

  test('takes a jti that is a number, once', async () => {
    const jwt = sign(way.claims({ jti: 8_883_362_531_196.326 }))
    assert.equal((await post(way, jwt)).statusCode, 303)
    assert.equal(codeOf(await post(way, jwt)), 'user_jwt_already_used')
    assert.equal(codeOf(await post(way, sign(way.claims({ jti: 8_883_362_531_196.326, name: 'G' })))), 'user_jwt_already_used')
  })

  test('remembers a token for as long as it could come again', async () => {
    const jwt = sign(way.claims())
    assert.equal((await post(way, jwt)).statusCode, 303)
    const { expires_at } = await house.db
      .selectFrom('used_tokens')
      .select('expires_at')
      .orderBy('expires_at', 'desc')
      .executeTakeFirstOrThrow()
    assert.ok(expires_at >= (seconds() + 180 + 60) * 1000)
  })

  for (const [what, exp, days] of [
    ['with an exp beyond its age', 7200, 0.05],
    ['without exp, which a boot would take for ever', undefined, 300],
    ['with an exp of another age of the world', 1e300, 300],
  ] as const)
    test(`a used token ${what} is refused at a boot for as long as one could take it`, async () => {
      const jwt = sign(way.claims({ user_id: 'grace', exp: exp && seconds() + exp }))
      assert.equal((await post(way, jwt)).statusCode, 303)
      house.pass(days * 86_400_000)
      await prune(house.db, house.now())
      const answer = await house.browser().boot(jwt)
      assert.deepEqual([answer.statusCode, codeOf(answer)], [401, 'user_jwt_already_used'])
    })

  test('its claims become ours; a role in it promotes nobody', async () => {
    const claims = {
      ...{ external_id: 42, organization: 'Navy', organization_id: 'navy', tags: ['vip', 'beta'], role: 'admin', custom_role_id: 1 },
      ...{
        phone: '+15550100',
        remote_photo_url: 'https://navy.test/g.png',
        locale_id: 8,
        locale: 8,
        user_fields: { rank: 'admiral', email: 'x@evil.test' },
      },
    }
    const browser = house.browser()
    assert.equal((await post(way, sign(way.claims(claims)), { browser })).statusCode, 303)
    const contact = await whoIs(browser)
    assert.deepEqual([contact.user_id, contact.email, contact.role], ['42', 'grace@navy.test', 'user'])
    assert.deepEqual(await attributesOf('42'), { rank: 'admiral', tags: '["vip","beta"]' })
    assert.deepEqual(await companiesOf('42'), [{ company_id: 'navy', name: 'Navy' }])
    const row = await house.db.selectFrom('contacts').select(['phone', 'avatar_url']).where('external_id', '=', '42').executeTakeFirst()
    assert.deepEqual([row?.phone, row?.avatar_url], ['+15550100', 'https://navy.test/g.png'])
  })

  test('organizations are a complete list', async () => {
    const sent = (organizations: string[]) => post(way, sign(way.claims({ external_id: 'listed', organizations })))
    await sent(['Navy', 'Yale'])
    await sent(['Yale'])
    assert.deepEqual(await companiesOf('listed'), [{ company_id: 'Yale', name: 'Yale' }])
  })

  test('takes return_to in the address of the form, too', async () => {
    const browser = house.browser()
    const answer = await browser.post('/access/jwt?return_to=%2Ftickets', { jwt: sign(way.claims()) }, { form: true })
    assert.equal(answer.headers.location, '/tickets')
  })
})

test('userId, profilePicture, customFields and companies become ours', async () => {
  const way = ways[2] as Way
  const claims = {
    ...{ userId: 7, profilePicture: 'https://navy.test/g.png', customFields: { title: 'Admiral' }, plan: 'pro' },
    companies: [{ id: 'navy', name: 'Navy', monthlySpend: 500 }],
  }
  assert.equal((await post(way, sign(way.claims(claims)))).statusCode, 303)
  assert.deepEqual(await attributesOf('7'), { plan: 'pro', title: 'Admiral' })
  assert.deepEqual(await companiesOf('7'), [{ company_id: 'navy', name: 'Navy' }])
})

test('the names of one address mean nothing at another', async () => {
  const [own, access, auth] = ways as [Way, Way, Way]
  for (const [way, claims] of [
    [own, { external_id: 'x', userId: 'x', sub: 'x', ...short() }],
    [access, { userId: 'x', sub: 'x', iat: seconds(), jti: unique() }],
    [auth, { external_id: 'x', sub: 'x', ...short() }],
  ] as const)
    assert.equal(codeOf(await post(way, sign(claims))), 'user_jwt_user_id_missing')
})

suite('the page that takes a token from behind the #', () => {
  test('is plain, loads one script of our own, and is stored nowhere', async () => {
    const page = await house.get('/login/jwt')
    assert.equal(page.statusCode, 200)
    assert.equal(page.headers['referrer-policy'], 'no-referrer')
    assert.match(String(page.headers['cache-control']), /private/)
    assert.match(page.body, /data-without-script>[^<]*JavaScript/)
    const scripts = Array.from(page.body.matchAll(/<script[^>]*>/g), ([tag]) => tag)
    assert.equal(scripts.length, 1)
    const src = /src="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const script = await house.get(src)
    assert.equal(script.statusCode, 200)
    assert.match(String(script.headers['cache-control']), /immutable/)
    assert.equal(page.headers['set-cookie'], undefined)
  })

  test('what it posts proves nothing: a foreign link with a token behind the # asks first', async () => {
    const way = ways[0] as Way
    for (const origin of [house.tenants.acme.help, 'null']) {
      const browser = house.browser()
      const answer = await browser.post(
        '/login/jwt',
        { jwt: sign(way.claims()) },
        { form: true, origin, headers: { 'sec-fetch-site': 'same-origin' } },
      )
      assert.deepEqual([answer.statusCode, pathLedTo(answer)], [303, '/login/continue'])
      assert.equal((await whoIs(browser)).user_id, null)
    }
  })

  test('with our own state behind the # the way back is silent', async () => {
    await house.change({ login_url: 'https://app.acme.test/login' })
    const browser = house.browser()
    const state = new URL(String((await browser.get('/login')).headers.location)).searchParams.get('state') ?? ''
    const answer = await browser.post(
      '/login/jwt',
      { jwt: sign((ways[0] as Way).claims()), state, return_to: '/tickets' },
      { form: true, origin: house.tenants.acme.help, headers: { 'sec-fetch-site': 'same-origin' } },
    )
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/tickets'])
  })
})
