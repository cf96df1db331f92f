import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { errors, publicCode, type ErrorCode } from '#errors'
import type { LoginDecision } from '#domain/identity/login-log.ts'
import { searchLoginLog } from '#domain/identity/search-login-log.ts'
import type { House } from '#test/house.ts'

interface Told {
  /** What the login log adds to the code. */
  hint?: RegExp
  /** What has to have happened before; its answer is what is tried. */
  given?: () => Promise<string>
}

/**
 * A way that a login fails is provoked by the front door: the answer has the public code, its sentence and no session, and the
 * login log names the cause.
 */
export function waysInto(house: () => House) {
  const lastDecision = async (): Promise<LoginDecision | undefined> => {
    await house().app.decisions.flush()
    return (await searchLoginLog(house().db, house().acme, { filter: {}, limit: 1 }))[0]
  }
  const count = async () => (await house().db.selectFrom('contacts').select('id').execute()).length

  function way(
    title: string,
    code: ErrorCode,
    provoke: (given: string) => Promise<LightMyRequestResponse>,
    { hint, given = async () => '' }: Told = {},
  ): void {
    test(title, async () => {
      const token = await given()
      const contacts = await count()
      const response = await provoke(token)
      const told = publicCode(code)
      assert.equal(response.statusCode, errors[told].status)
      if (response.headers['content-type']?.toString().includes('json')) {
        const [error] = response.json().errors
        assert.equal(error.code, told)
        if (told !== 'parameter_invalid') assert.equal(error.message, errors[told].sentence)
      } else assert.ok(response.body.includes(told) && response.body.includes(errors[told].sentence), `the page says ${told}`)
      assert.doesNotMatch([response.headers['set-cookie']].flat().join(), /__Host-latchkey=[\w-]/)
      assert.equal(await count(), contacts, 'no contact was left behind')
      const decision = await lastDecision()
      assert.deepEqual([decision?.outcome, decision?.code], ['refused', code])
      if (hint) assert.match(decision?.hint ?? '', hint)
    })
  }
  return { way, lastDecision }
}
