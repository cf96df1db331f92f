import { z } from 'zod'
import { errors, type ErrorCode } from '#errors'
import { ask, fine, unreached, wrong, type Finding, type Look } from './findings.ts'
import { judgeTokenAge } from './judge-clock.ts'
import { tokenAge } from './token-clock.ts'

const Refusal = z.object({ errors: z.array(z.object({ code: z.string(), reason: z.string().optional() })) })
const Status = z.object({ app_id: z.string(), session: z.object({ kind: z.string() }).nullable() })

/** Boots with a token as a page of the app would, opens a page with the cookie that came, and signs out again. */
export async function lookAtBoot(look: Look, token: string, latchkeyAt: number): Promise<Finding[]> {
  const { origin } = new URL(look.app ?? look.host)
  const status = await readStatus(look, '')
  if (!status) return []
  const body = JSON.stringify({ app_id: status.app_id, intercom_user_jwt: token })
  const booted = await ask(look, `${look.host}/messenger/boot`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body,
  })
  if (!booted.ok) return [unreached('boot', booted)]
  const age = tokenAge(token, latchkeyAt)
  const clock = age === null ? [] : [judgeTokenAge(age, 'The token')]
  if (booted.status !== 200) return [refused(booted.body.toString(), booted.status), ...clock]
  const cookie = cookiesOf(booted.headers['set-cookie'] ?? '')
  const names = Array.from(cookie.matchAll(/(?:^|; )([\w-]+)=/g), ([, name = '']) => name)
  const isWhole = names.some((name) => /^(?:__Host-)?latchkey$/.test(name))
  const after = await readStatus(look, cookie)
  await ask(look, `${look.host}/messenger/shutdown`, {
    method: 'POST',
    headers: { origin, cookie, 'content-type': 'text/plain' },
    body: '{}',
  })
  if (after?.session?.kind === 'user')
    return [fine('boot', 'The boot was accepted, and the next page was signed in. Signed out again.'), ...clock]
  if (!isWhole && names.length > 0)
    return [
      wrong('boot', 'set_cookie_changed', `The boot was accepted and sent several cookies; only ${names.join(', ')} arrived.`),
      ...clock,
    ]
  return [wrong('boot', 'cookie_not_returned', 'The boot was accepted, but the next page was not signed in.'), ...clock]
}

async function readStatus(look: Look, cookie: string): Promise<z.output<typeof Status> | undefined> {
  const answered = await ask(look, `${look.host}/login/status`, { headers: { accept: 'application/json', ...(cookie && { cookie }) } })
  return answered.ok ? Status.safeParse(parse(answered.body.toString())).data : undefined
}

function refused(body: string, status: number): Finding {
  const [error] = Refusal.safeParse(parse(body)).data?.errors ?? []
  const code = error?.reason ?? error?.code ?? ''
  if (code in errors) return wrong('boot', code as ErrorCode, `The boot was refused (${status}): ${code}.`)
  return wrong('boot', 'boots_refused', `The boot was answered with status ${status}.`)
}

function cookiesOf(setCookie: string): string {
  return Array.from(setCookie.matchAll(/(?:^|, )((?:__Host-)?latchkey[\w-]*=[\w-]+)/g), ([, pair = '']) => pair).join('; ')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
