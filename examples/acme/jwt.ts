import { createHmac, randomUUID } from 'node:crypto'
import type { Person } from './people.ts'

export type Key = { secret: string; kid?: string }

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function signJwt(claims: object, { secret, kid }: Key) {
  const head = base64url({ alg: 'HS256', typ: 'JWT', ...(kid && { kid }) })
  const signed = `${head}.${base64url(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

function claimsOf(person: Person, seconds: number) {
  const now = Math.floor(Date.now() / 1000)
  const { user_id, email, name, company } = person
  return { user_id, email, name, plan: company.plan, companies: [company], iat: now, exp: now + seconds }
}

/** For `Intercom('boot', { intercom_user_jwt })`: one hour. */
export function messengerJwt(person: Person, key: Key) {
  return signJwt(claimsOf(person, 3600), key)
}

/** For `POST {help center}/login/jwt`: two minutes, and `jti` because it works once. */
export function loginJwt(person: Person, key: Key) {
  return signJwt({ ...claimsOf(person, 120), jti: randomUUID() }, key)
}
