import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import { TOTP } from 'otpauth'
import type { TeammateRole } from '#db/columns.ts'
import { createSecret } from '#domain/identity/signing-keys.ts'
import { addProvider } from '#domain/openid/providers.ts'
import { inviteTeammate } from '#domain/teammates/invites.ts'
import { hashPassword, storePassword } from '#domain/teammates/passwords.ts'
import { turnOnSecondStep } from '#domain/teammates/second-steps.ts'
import { listTeammateSessions, startTeammateSession } from '#domain/teammates/teammate-sessions.ts'
import { addTeammate, type Teammate } from '#domain/teammates/teammates.ts'
import { newTotpSecret } from '#domain/teammates/totp.ts'
import { requestHost } from '#domain/workspaces/unproved-hosts.ts'
import { addHost, addOrigin } from '#domain/workspaces/workspaces.ts'
import type { House, Tenant } from '#test/house.ts'

/** A browser on the teammates' host. It asks as our own pages do unless told otherwise. */
export interface TeamBrowser {
  cookies: Map<string, string>
  get(path: string, options?: { headers?: Record<string, string> }): Promise<LightMyRequestResponse>
  /** A form, as a page without JavaScript sends it. */
  send(path: string, fields: Record<string, string>, options?: { headers?: Record<string, string> }): Promise<LightMyRequestResponse>
  /** JSON, as the app sends it. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<LightMyRequestResponse>
}

export const OWN_PAGE = { 'sec-fetch-site': 'same-origin', 'latchkey-app': '1' }

export function teamBrowser(
  { app }: Pick<House, 'app'>,
  { address = '127.0.0.1', secret }: { address?: string; secret?: string } = {},
): TeamBrowser {
  const cookies = new Map<string, string>(secret === undefined ? [] : [['__Host-latchkey-team', secret]])
  const inject = async (method: string, url: string, { headers = {}, payload }: { headers?: Record<string, string>; payload?: string }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await app.inject({
      method: method as 'GET',
      url,
      remoteAddress: address,
      headers: { host: new URL(app.config.teamUrl).host, ...(cookie && { cookie }), ...headers },
      ...(payload !== undefined && { payload }),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    cookies,
    get: (path, options = {}) => inject('GET', path, options),
    send: (path, fields, { headers = {} } = {}) =>
      inject('POST', path, {
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
        payload: new URLSearchParams(fields).toString(),
      }),
    ask: (method, path, body) =>
      inject(method, path, {
        headers: { ...OWN_PAGE, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { payload: JSON.stringify(body) }),
      }),
  }
}

/** The app's JSON, read and changed as this teammate unless another one is named; whatever is refused fails the test. */
export function askingAs(usual: () => TeamBrowser) {
  return {
    async read<Answer>(path: string, browser = usual()): Promise<Answer> {
      const answer = await browser.get(path)
      assert.equal(answer.statusCode, 200, answer.body)
      return answer.json<Answer>()
    },
    async tell<Answer>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, browser = usual()): Promise<Answer> {
      const answer = await browser.ask(method, path, body)
      assert.ok(answer.statusCode < 300, answer.body)
      return answer.statusCode === 204 ? (undefined as Answer) : answer.json<Answer>()
    },
  }
}

/** A teammate who is at work already, without having typed a password. */
export async function openTeammate(
  house: House,
  { workspace }: Tenant,
  role: TeammateRole,
  name: string = role,
): Promise<{ teammate: Teammate; browser: TeamBrowser; secret: string }> {
  const email = `${name.toLowerCase()}@${workspace.app_id}.test`
  const teammate = await addTeammate(house.db, workspace, { name, email, role }, house.now())
  const secret = await startTeammateSession(house.db, teammate, { device: 'Test', address: '127.0.0.1', now: house.now() })
  return { teammate, secret, browser: teamBrowser(house, { secret }) }
}

/** Of a code that changes (RFC 6238). */
export const STEP = 30_000
export const PASSWORD = 'three short words'

/** Gives a teammate a password, as their invite would have. */
export async function givePassword({ db, now }: House, teammate: Teammate, password: string = PASSWORD): Promise<void> {
  await storePassword(db, teammate, await hashPassword(password, teammate), now())
}

/** Turns the second step of a teammate on, as they would in the app; answers the secret of their authenticator app. */
export async function giveSecondStep({ app, db, now }: House, teammate: Teammate): Promise<{ secret: string; recovery: string[] }> {
  const secret = newTotpSecret()
  const [session] = await listTeammateSessions(db, teammate, now())
  assert.ok(session)
  // The code of the step before, so that the one of now is still good.
  const code = codeOf(secret, now() - STEP)
  return { secret, recovery: await turnOnSecondStep(db, app.secondSteps, { teammate, session, secret, code }, now()) }
}

/** What the authenticator app shows then. */
export function codeOf(secret: string, at: number): string {
  return new TOTP({ secret }).generate({ timestamp: at })
}

export interface Team {
  /** Of the owner's session. */
  secret: string
  ids: { colleague: string; invite: string; work_session: string }
}

export type Places = Record<'key' | 'unproved_host' | 'proved_host' | 'provider' | 'origin', string>

/** An owner at work in two browsers, a colleague and an invite, all with the mark in their names. */
export async function openTeam(house: House, tenant: Tenant, mark: string): Promise<Team> {
  const { db } = house
  const { teammate: owner, secret } = await openTeammate(house, tenant, 'owner', `${mark}-owner`)
  const { teammate: colleague } = await openTeammate(house, tenant, 'agent', `${mark}-colleague`)
  await giveSecondStep(house, colleague)
  await startTeammateSession(db, owner, { device: `${mark} elsewhere`, address: '127.0.0.1', now: house.now() })
  const elsewhere = (await listTeammateSessions(db, owner, house.now())).find(({ device }) => device.startsWith(mark))
  const email = `${mark.toLowerCase()}-new@example.test`
  const { invite } = await inviteTeammate(db, tenant.workspace, { email, role: 'agent', by: owner }, house.now())
  return { secret, ids: { colleague: String(colleague.id), invite: String(invite.id), work_session: String(elsewhere?.id) } }
}

/** What Settings → Login names: a key that signs nobody in, a host that waits for its proof, an origin nobody boots from. */
export async function openPlaces({ db, encryption, now }: House, { workspace }: Tenant, mark: string): Promise<Places> {
  const { row } = await createSecret(db, encryption, workspace, { name: mark, now: now() })
  const { host } = await requestHost(db, workspace, `https://${mark.toLowerCase()}.test`, now())
  const origin = await addOrigin(db, workspace, `https://app.${mark.toLowerCase()}.test`, now())
  const { host: proved_host } = await addHost(db, workspace, `https://proved.${mark.toLowerCase()}.test`, now())
  const client = { name: mark, issuer: `https://id.${mark.toLowerCase()}.test`, client_id: mark, now: now() }
  const { id } = await addProvider(db, encryption, workspace, client)
  return { key: row.kid, unproved_host: host, proved_host, provider: String(id), origin }
}
