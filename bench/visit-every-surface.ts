import { setUpFirstOwner } from '#domain/installation/first-owner.ts'
import { signInPeople, type Place } from './place.ts'

const PEOPLE = 20
const PAGES = [
  '/en',
  '/en/search?q=invoice',
  '/login/status',
  '/messenger/conversations',
  '/messenger/articles',
  '/tickets',
  '/tickets/new',
]

/** A few people read, write, search and look at their tickets; a teammate signs in; the API is asked. What is loaded at first use is loaded then. */
export async function visitEverySurface(place: Place): Promise<void> {
  for (const { cookie, boot } of await signInPeople(place, PEOPLE)) {
    const asPerson = { ...place.headers, cookie, 'accept-encoding': 'br' }
    await place.ask(boot)
    await place.ask({
      ...{ method: 'POST', path: '/messenger/conversations', headers: { ...asPerson, 'content-type': 'application/json' } },
      body: JSON.stringify({ client_id: crypto.randomUUID(), body: 'Where do I find *last month’s* invoice?' }),
    })
    for (const path of PAGES) await place.ask({ path, headers: asPerson })
  }
  await visitAsTeammate(place)
  for (const path of ['/contacts', '/conversations'])
    await place.ask({ path, headers: { host: place.teamHost, authorization: `Bearer ${place.tenant.api_token}` } })
}

async function visitAsTeammate({ ask, db, tenant, teamHost }: Place): Promise<void> {
  const email = 'olga@latchkey.example'
  const password = crypto.randomUUID()
  await setUpFirstOwner(db, { name: 'Olga', email, password, workspace: tenant.app_id }, Date.now())
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${teamHost}`, host: teamHost }
  const signIn = { method: 'POST', path: '/sign-in', headers: form, body: String(new URLSearchParams({ email, password })) } as const
  const cookie = (await ask(signIn)).headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
  for (const path of ['/settings/login', '/app/session', '/app/teammates'])
    await ask({ path, headers: { host: teamHost, cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' } })
}
