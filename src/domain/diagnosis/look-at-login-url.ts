import { newSecret } from '#platform/ids/ids.ts'
import { ask, doubtful, fine, unreached, unseen, wrong, type Finding, type Look } from './findings.ts'

/** Follows "Sign in" as a signed-out browser would: to the Login URL, and no further. */
export async function lookAtLoginUrl(look: Look): Promise<Finding[]> {
  const open = (query: string) => ask(look, `${look.host}/login?${query}return_to=%2F`, { headers: { accept: 'text/html' } })
  const first = await open('')
  // Where there are several ways in, the page asks which.
  const signIn = first.ok && first.status === 200 ? await open('with=app&') : first
  if (!signIn.ok) return [unreached('login_url', signIn)]
  const target = URL.parse(signIn.headers['location'] ?? '', look.host)
  if (target && target.origin !== look.host && target.pathname !== '/login/handoff/start') return [await lookAtLoginPage(look, target)]
  return [judgeSignIn(look, { status: signIn.status, target, isChosen: first !== signIn })]
}

/** "Sign in" that leads to no Login URL. `isChosen`: the app was chosen among several ways in. */
function judgeSignIn({ host }: Look, { status, target, isChosen }: { status: number; target: URL | null; isChosen: boolean }): Finding {
  if (target?.pathname === '/login/handoff/start') return unseen('login_url', `Sign-in goes through the primary host, ${target.origin}.`)
  if (target?.origin === host && target.searchParams.has('state'))
    return wrong('login_url', 'login_url_loops', `The Login URL is an address of the support host itself: ${host}${target.pathname}.`)
  if (status === 404 && isChosen) return fine('login_url', '/login shows the ways to sign in.')
  if (status === 404) return doubtful('login_url', 'login_url_missing', '/login says that sign-in starts in the app.')
  if (status === 200 && isChosen)
    return wrong('login_url', 'redirects_followed', '/login was answered with a page where Latchkey redirects.')
  return unseen('login_url', `/login was answered with status ${status}.`)
}

/** `loginUrl` is asked with `return_to` and `state`, as a reader would bring them. */
export async function lookAtLoginPage(look: Look, loginUrl: URL): Promise<Finding> {
  const url = new URL(loginUrl)
  if (!url.searchParams.has('state')) url.searchParams.set('state', newSecret())
  if (!url.searchParams.has('return_to')) url.searchParams.set('return_to', '/')
  const answered = await ask(look, url.href, { headers: { accept: 'text/html' } })
  const address = url.origin + url.pathname
  if (!answered.ok) {
    const finding = unreached('login_url', answered)
    return finding.state === 'fail' ? { ...finding, code: 'login_url_not_reached', evidence: `${address}: ${finding.evidence}` } : finding
  }
  const target = URL.parse(answered.headers['location'] ?? '', url)
  if (answered.status >= 300 && answered.status < 400 && target?.origin === look.host && !isReturn(target))
    return wrong('login_url', 'login_url_loops', `${address} redirects (${answered.status}) to ${target.origin}${target.pathname}.`)
  if (answered.status >= 400) return wrong('login_url', 'login_url_fails', `${address} answers with status ${answered.status}.`)
  return fine('login_url', `${address} answers with status ${answered.status}.`)
}

function isReturn(target: URL): boolean {
  return target.searchParams.has('jwt') || target.hash.includes('jwt=')
}
