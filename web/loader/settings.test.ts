/// <reference types="node" />
import assert from 'node:assert/strict'
import { test } from 'node:test'

// What the loader asks of a browser when it is loaded.
Object.assign(globalThis, { Node: EventTarget, Document: EventTarget })
const { paddingOf, readSettings, toBody, withoutUnchanged } = await import('./settings.ts')

test('how the Messenger looks stays on the page; who it is for and what they are like travels', () => {
  const body = toBody(
    readSettings({
      app_id: 'a',
      user_id: 7,
      plan: 'gold',
      hair_color: 'red',
      action_color: 'red',
      api_base: 'https://api-iam.intercom.io',
    }),
  )
  assert.deepEqual({ ...body }, { app_id: 'a', user_id: 7, plan: 'gold', hair_color: 'red' })
})

test('a polluted Object.prototype adds nothing to a boot', () => {
  Object.assign(Object.prototype, { admin: true })
  assert.equal(JSON.stringify(toBody(readSettings({ app_id: 'a' }))), '{"app_id":"a"}')
  assert.equal(readSettings({})['admin'], undefined)
  delete (Object.prototype as { admin?: boolean }).admin
})

test('an update sends only what is new, and so no token again', () => {
  const before = { app_id: 'a', intercom_user_jwt: 't', user_id: '1', plan: 'gold' }
  assert.deepEqual(withoutUnchanged({ ...before, plan: 'silver' }, before), { app_id: 'a', plan: 'silver' })
})

for (const duration of ['x', 1.5, 0, -1, NaN])
  test(`a session_duration of ${duration} is not sent`, () => {
    assert.equal('session_duration' in toBody(readSettings({ app_id: 'a', session_duration: duration })), false)
  })

test('paddings are never below 20', () => {
  assert.equal(paddingOf({ horizontal_padding: 3 }, 'horizontal'), 20)
  assert.equal(paddingOf({ horizontal_padding: '44' }, 'horizontal'), 44)
  assert.equal(paddingOf({}, 'vertical'), 20)
})
