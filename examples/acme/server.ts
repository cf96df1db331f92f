import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { config } from './config.ts'
import { loginJwt, messengerJwt } from './jwt.ts'
import { messengerJsSdk } from './messenger-js-sdk.ts'
import * as pages from './pages.ts'
import { listPeople, type Person } from './people.ts'
import { logIn, logOut, personOf } from './sessions.ts'

type Visit = { request: IncomingMessage; response: ServerResponse; url: URL }
type Route = (visit: Visit, person: Person | undefined) => void | Promise<void>

const people = listPeople(config.company)
const css = readFileSync(new URL('style.css', import.meta.url))

const routes: Record<string, Route> = {
  'GET /': forUsers((visit, person) => html(visit, pages.homePage(person))),
  'GET /callback': forUsers((visit, person) => html(visit, pages.callbackPage(person))),
  'GET /settings': forUsers((visit, person) => html(visit, pages.settingsPage(person, messengerJwt(person, config.key)))),
  'GET /npm': forUsers((visit, person) => html(visit, pages.npmPage(person))),
  'GET /anonymous': (visit) => html(visit, pages.anonymousPage()),
  'GET /npm/messenger-js-sdk.js': (visit) => send(visit, 200, 'text/javascript; charset=utf-8', messengerJsSdk()),
  'GET /style.css': (visit) => send(visit, 200, 'text/css; charset=utf-8', css),

  'GET /login': (visit) => html(visit, pages.loginPage(people, visit.url.searchParams.get('next') ?? '/')),
  'POST /login': takeLogin,
  'POST /logout': takeLogout,

  // Door 1: the page asks for a token and boots with it.
  'GET /intercom/jwt': (visit, person) => {
    if (!person) return json(visit, 401, { error: 'not_logged_in' })
    json(visit, 200, { intercomJwt: messengerJwt(person, config.key), userId: person.user_id, email: person.email })
  },
  // Door 2: a link that opens the Help Center signed in.
  'GET /open-help': forUsers((visit, person) => {
    postToHelp(visit, person, { return_to: visit.url.searchParams.get('to') ?? '/' })
  }),
  // Door 3: the Login URL. The Help Center sends signed-out readers here.
  'GET /help/login': forUsers((visit, person) => {
    const { searchParams } = visit.url
    postToHelp(visit, person, { return_to: searchParams.get('return_to') ?? '/', state: searchParams.get('state') ?? '' })
  }),
}

function forUsers(route: (visit: Visit, person: Person) => void): Route {
  return (visit, person) => {
    if (person) return route(visit, person)
    redirect(visit, `/login?next=${encodeURIComponent(visit.url.pathname + visit.url.search)}`)
  }
}

async function takeLogin(visit: Visit) {
  if (isCrossSite(visit.request)) return send(visit, 403, 'text/plain', 'Log in on our own page, please.')
  const form = await readForm(visit.request)
  const person = people.find((one) => one.email === form.get('email') && one.password === form.get('password'))
  const next = localPath(form.get('next') ?? '/')
  if (!person) return html(visit, pages.loginPage(people, next, 'That e-mail and password do not belong together.'), 401)
  logIn(visit.request, visit.response, person)
  redirect(visit, next)
}

function takeLogout(visit: Visit) {
  if (isCrossSite(visit.request)) return send(visit, 403, 'text/plain', 'Log out on our own page, please.')
  logOut(visit.request, visit.response)
  redirect(visit, '/login')
}

function postToHelp(visit: Visit, person: Person, fields: Record<string, string>) {
  html(visit, pages.handOverPage({ jwt: loginJwt(person, config.key), ...fields }))
}

function isCrossSite({ headers }: IncomingMessage) {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function localPath(path: string) {
  const base = 'http://app.invalid'
  return URL.canParse(path, base) && path.startsWith('/') && new URL(path, base).origin === base ? path : '/'
}

async function readForm(request: IncomingMessage) {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 10_000) break
  }
  return new URLSearchParams(body)
}

function send({ response }: Visit, status: number, type: string, body: string | Buffer) {
  // Pages and tokens belong to one person: neither a cache nor the back button may show them to the next one.
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'private, no-store', 'X-Content-Type-Options': 'nosniff' })
  response.end(body)
}

function html(visit: Visit, page: string, status = 200) {
  send(visit, status, 'text/html; charset=utf-8', page)
}

function json(visit: Visit, status: number, value: object) {
  send(visit, status, 'application/json', JSON.stringify(value))
}

function redirect(visit: Visit, to: string) {
  visit.response.setHeader('Location', to)
  send(visit, 303, 'text/plain', '')
}

async function answer(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(localPath(request.url ?? '/'), 'http://app.invalid')
  const visit = { request, response, url }
  const route = routes[`${request.method} ${url.pathname}`]
  if (!route) return send(visit, 404, 'text/plain', 'There is no such page.')
  await route(visit, personOf(request))
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
})

server.listen(config.port, '127.0.0.1', () => console.log(`${config.company} listens on port ${config.port}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
