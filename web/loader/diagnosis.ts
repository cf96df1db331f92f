import type { BootProbeAnswer, ProbeAnswer } from '#shared/diagnosis.ts'
import type { ErrorList } from '#shared/messenger.ts'

/** What the console says: a code, what is wrong, what to do, and where docs/login.md explains it. */
interface Said {
  code: string
  sentence: string
  cure?: string | undefined
  docs: string
  isWarning?: boolean
}

type Explain = (origin: string, detail: unknown) => Promise<Said | undefined> | Said | undefined

const explanations: Record<string, Explain> = {
  refused: (origin, detail) => explainRefusal(origin, detail as Response),
  'cannot reach': explainSilence,
  'app_id is missing': () => ({
    code: 'app_id_missing',
    sentence: 'The Messenger was booted without an app_id, so nothing happened.',
    cure: `Intercom('boot', { app_id: 'YOUR_APP_ID', intercom_user_jwt: jwt }), with the app_id that latchkey workspace list shows.`,
    docs: 'door-1-boot-the-messenger',
  }),
  'two loaders': (origin) => ({
    code: 'two_loaders',
    sentence: `This page loads the Messenger twice; the script from ${origin} came second and does nothing.`,
    cure: 'Keep one script tag: that of your own support host.',
    docs: 'the-messenger-boots',
    isWarning: true,
  }),
  'too many updates': () => ({
    code: 'updates_throttled',
    sentence: 'This page has called update more than 20 times in 30 minutes; this one was not sent.',
    cure: 'Call it when something about the user changes, or on a route change, not on a timer.',
    docs: 'door-1-boot-the-messenger',
    isWarning: true,
  }),
  booted: (origin, detail) => {
    watchPolicy(origin)
    checkNames(origin, detail as Record<string, unknown>)
    checkToken(origin, detail as Record<string, unknown>)
    checkEmptyToken(origin, detail as Record<string, unknown>)
    checkUserId(origin)
    checkSettings(origin, detail as Record<string, unknown>)
    return lookForCookie(origin)
  },
}

/** Explains a fault on the console. In test mode it is also called after each boot, and then says what a developer should know. */
export async function say(origin: string, fault: string, detail?: unknown): Promise<void> {
  const said = await explanations[fault]?.(origin, detail)
  if (said) print(origin, said)
}

function print(origin: string, { code, sentence, cure, docs, isWarning }: Said): void {
  const lines = [
    `Latchkey: ${code}: ${sentence}`,
    ...(cure ? [`Cure: ${cure}`] : []),
    `See docs/login.md#${docs} and ${origin}/login/status`,
  ]
  console[isWarning ? 'warn' : 'error'](lines.join('\n'))
}

async function explainRefusal(origin: string, response: Response): Promise<Said> {
  const list = (await response.json().catch(() => null)) as ErrorList | null
  const [error] = list?.errors ?? []
  if (!error)
    return {
      code: 'not_latchkey',
      sentence: `${origin} answered with status ${response.status} and is not Latchkey.`,
      cure: 'Load the script from your support host, not from a copy: it talks to the host it came from.',
      docs: 'nothing-on-the-way-strips-or-caches',
    }
  const { code, message, reason = code, cure } = error
  const more =
    code === 'user_jwt_invalid' && reason === code
      ? 'latchkey login-log APP_ID names the precise fault; so does this console in test mode.'
      : cure
  return { code: reason, sentence: message, cure: more, docs: reason }
}

/** A request that got no answer says nothing about why; a simpler one does. */
async function explainSilence(origin: string): Promise<Said> {
  const blocked = await probePolicy(origin)
  if (blocked) return blocked
  const host = new URL(origin).host
  const response = await fetch(`${origin}/login/probe?host=${encodeURIComponent(host)}`).catch(() => undefined)
  const probe = (await response?.json().catch(() => undefined)) as ProbeAnswer | undefined
  if (!probe)
    return {
      code: 'not_reached',
      sentence: `${origin} cannot be reached from this page.`,
      cure: 'Open it in a tab of its own. If it answers there, an extension (an ad blocker, say) or a rule of the proxy blocks it here.',
      docs: 'nothing-on-the-way-strips-or-caches',
    }
  if (probe.origin_listed === false)
    return {
      code: 'origin_not_allowed',
      sentence: `${self.origin} is not on the workspace’s list of origins.`,
      cure:
        self.origin === 'null'
          ? 'A sandboxed frame (add allow-same-origin) or a page opened from a file has no origin: open it from your app’s address.'
          : `latchkey origin add APP_ID ${location.origin}`,
      docs: 'origin_not_allowed',
    }
  return {
    code: 'cors_headers_dropped',
    sentence: `${origin} can be reached, but this page may not read the answer to its boot.`,
    cure: 'Pass OPTIONS requests to Latchkey and let Access-Control-* pass. An extension of this browser may do the same.',
    docs: 'nothing-on-the-way-strips-or-caches',
  }
}

const ofPolicy = (origin: string, { effectiveDirective }: SecurityPolicyViolationEvent): Said => ({
  code: 'csp_blocks',
  sentence: `The Content Security Policy of this page blocks ${origin}: ${effectiveDirective}.`,
  cure: `Add ${origin} to ${effectiveDirective}.`,
  docs: 'content-security-policy',
})

/** Asks once more, only to see whether the page's own policy forbids it. */
async function probePolicy(origin: string): Promise<Said | undefined> {
  let said: Said | undefined
  const hear = (event: SecurityPolicyViolationEvent) => {
    if (event.blockedURI.startsWith(origin)) said = ofPolicy(origin, event)
  }
  document.addEventListener('securitypolicyviolation', hear)
  await fetch(`${origin}/login/probe`).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 50))
  document.removeEventListener('securitypolicyviolation', hear)
  return said
}

const watched = new Set<string>()

/** In test mode: the frame is loaded later than the boot, and a policy that blocks it leaves an empty box. */
function watchPolicy(origin: string): void {
  if (watched.has(origin)) return
  watched.add(origin)
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.blockedURI.startsWith(origin)) print(origin, ofPolicy(origin, event))
  })
}

/** Handy on a marketing page, and a trap where the app's logout does not call shutdown. */
function checkNames(origin: string, settings: Record<string, unknown>): void {
  const isNamed = ['intercom_user_jwt', 'user_hash', 'user_id', 'email'].some((name) => settings[name] !== undefined)
  const { Intercom } = window as unknown as { Intercom?: (method: string) => { role: string } | undefined }
  if (isNamed || Intercom?.('whoami')?.role !== 'user') return
  print(origin, {
    code: 'session_goes_on',
    sentence: 'This boot names nobody, so the session of the user who stands here goes on.',
    cure: `If they have logged out of your app, call Intercom('shutdown') there.`,
    docs: 'logout',
    isWarning: true,
  })
}

/** Under another name a token signs nobody in, and whoever reads the contact's attributes reads it. */
function checkToken(origin: string, settings: Record<string, unknown>): void {
  const isToken = (value: unknown) => typeof value === 'string' && /^ey[\w-]+\.ey[\w-]+\.[\w-]*$/.test(value)
  const name = Object.keys(settings).find((name) => name !== 'intercom_user_jwt' && isToken(settings[name]))
  if (name === undefined) return
  print(origin, {
    code: 'token_under_another_name',
    sentence: `The setting ${name} holds a token, which signs nobody in under that name.`,
    cure: `Intercom('boot', { app_id, intercom_user_jwt: jwt })`,
    docs: 'door-1-boot-the-messenger',
    isWarning: true,
  })
}

/** A setting that is there and empty: the page booted before its token had come, or its fetch failed. */
function checkEmptyToken(origin: string, settings: Record<string, unknown>): void {
  const { intercom_user_jwt: token } = settings
  if (!('intercom_user_jwt' in settings) || (token && token !== 'undefined' && token !== 'null')) return
  print(origin, {
    code: 'token_empty',
    sentence: 'intercom_user_jwt is there, but empty, so this boot signed nobody in.',
    cure: 'Await the request for the token and look at its answer, then boot. Where nobody is logged in, leave the setting out.',
    docs: 'door-1-boot-the-messenger',
    isWarning: true,
  })
}

/** What a program writes where it has no id: all its users are one person. */
function checkUserId(origin: string): void {
  const { Intercom } = window as unknown as { Intercom?: (method: string) => { user_id: string | null } | undefined }
  const user_id = Intercom?.('whoami')?.user_id ?? undefined
  if (
    user_id === undefined ||
    !/^(?:undefined|null|NaN|None|nil|false|0|\[object Object\]|\{\{.*\}\}|<%.*%>|\$\{.*\}|\s.*|.*\s)$/.test(user_id)
  )
    return
  print(origin, {
    code: 'user_id_of_nobody',
    sentence: `This boot signed in the user_id “${user_id}”, which looks like no id: everybody signed so is one person here.`,
    cure: 'Sign a token only when the user is known, and String(user.id) as user_id, without white space.',
    docs: 'the-messenger-boots',
    isWarning: true,
  })
}

const SHORTEST = 60_000

/** Out of range is not used; the loader itself is too small to say so. */
function checkSettings(origin: string, settings: Record<string, unknown>): void {
  const { session_duration: duration = 1, horizontal_padding: x = 20, vertical_padding: y = 20 } = settings
  if (Number.isInteger(duration) && 'session_duration' in settings && Number(duration) > 0 && Number(duration) < SHORTEST)
    print(origin, {
      code: 'session_too_short',
      sentence: `session_duration is ${String(duration)}, in milliseconds: the session lives for a minute, the shortest there is.`,
      cure: 'Write it in milliseconds: 300000 is five minutes.',
      docs: 'the-session',
      isWarning: true,
    })
  const wrong = [
    ...(Number.isInteger(duration) && Number(duration) > 0 ? [] : ['session_duration']),
    ...(Number(x) >= 20 ? [] : ['horizontal_padding']),
    ...(Number(y) >= 20 ? [] : ['vertical_padding']),
  ]
  if (wrong.length === 0) return
  print(origin, {
    code: 'settings_out_of_range',
    sentence: `Not used, because out of range: ${wrong.join(', ')}.`,
    cure: 'session_duration is a whole number of milliseconds above 0 (write 300000, not "5*60000"); paddings are at least 20.',
    docs: 'the-session',
    isWarning: true,
  })
}

async function lookForCookie(origin: string): Promise<Said | undefined> {
  const response = await fetch(`${origin}/messenger/probe`, { credentials: 'include' }).catch(() => undefined)
  const answer = (await response?.json().catch(() => undefined)) as BootProbeAnswer | undefined
  if (answer?.cookie !== 'missing' || answer.code === null || answer.sentence === null) return undefined
  const { code, sentence, cure, docs } = answer
  return { code, sentence, cure: cure ?? undefined, docs: docs.replace('login.md#', ''), isWarning: true }
}
