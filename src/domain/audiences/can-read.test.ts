import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AudienceId, WorkspaceId } from '#db/columns.ts'
import type { Audience, AudienceRule } from './audiences.ts'
import { canRead } from './can-read.ts'
import { VISITOR, type AttributeValue, type Reader } from './readers.ts'

type Rule = [AudienceRule['subject'], string, AudienceRule['operator'], string]

const users = audienceOf({ users: 1 })

function audienceOf(roles: Partial<Audience>, ...rules: Rule[]): Audience {
  const named = rules.map(([subject, attribute, operator, value]) => ({ subject, attribute, operator, value }))
  return { id: 1 as AudienceId, workspace_id: 1 as WorkspaceId, name: 'x', visitors: 0, leads: 0, users: 0, ...roles, rules: named }
}

function userWith(attributes: Record<string, AttributeValue>, ...companies: Record<string, AttributeValue>[]): Reader {
  return {
    role: 'user',
    attributes: new Map(Object.entries(attributes)),
    companies: companies.map((company) => new Map(Object.entries(company))),
  }
}

const TABLE: [who: string, reader: Reader, audience: Audience | null, may: boolean][] = [
  ['a visitor, for everyone', VISITOR, null, true],
  ['a visitor, for users', VISITOR, users, false],
  ['a lead, for users', { ...VISITOR, role: 'lead' }, users, false],
  ['a lead, for leads', { ...VISITOR, role: 'lead' }, audienceOf({ leads: 1 }), true],
  ['a user, for visitors and leads only', userWith({}), audienceOf({ visitors: 1, leads: 1 }), false],
  ['a user, for users', userWith({}), users, true],
  ['a user with the plan', userWith({}, { plan: 'pro' }), audienceOf({ users: 1 }, ['company', 'plan', '=', 'pro']), true],
  ['a user with another plan', userWith({}, { plan: 'free' }), audienceOf({ users: 1 }, ['company', 'plan', '=', 'pro']), false],
  ['a user without a company', userWith({ plan: 'pro' }), audienceOf({ users: 1 }, ['company', 'plan', '=', 'pro']), false],
  [
    'two rules held by two companies',
    userWith({}, { plan: 'pro' }, { seats: 9 }),
    audienceOf({ users: 1 }, ['company', 'plan', '=', 'pro'], ['company', 'seats', '>', '5']),
    false,
  ],
  [
    'two rules held by one company',
    userWith({}, { plan: 'free' }, { plan: 'pro', seats: 9 }),
    audienceOf({ users: 1 }, ['company', 'plan', '=', 'pro'], ['company', 'seats', '>', '5']),
    true,
  ],
  [
    'one rule of two',
    userWith({ a: 'x', b: 'y' }),
    audienceOf({ users: 1 }, ['contact', 'a', '=', 'x'], ['contact', 'b', '=', 'z']),
    false,
  ],
  [
    'a list that has the group',
    userWith({ groups: ['staff', 'beta'] }),
    audienceOf({ users: 1 }, ['contact', 'groups', 'contains', 'beta']),
    true,
  ],
  [
    'a list that has a longer word',
    userWith({ groups: ['beta-testers'] }),
    audienceOf({ users: 1 }, ['contact', 'groups', 'contains', 'beta']),
    false,
  ],
  ['a text that contains it', userWith({ city: 'New York' }), audienceOf({ users: 1 }, ['contact', 'city', 'contains', 'york']), true],
  ['a number below', userWith({ seats: 4 }), audienceOf({ users: 1 }, ['contact', 'seats', '<', '5']), true],
  ['a text compared as a number', userWith({ seats: '4' }), audienceOf({ users: 1 }, ['contact', 'seats', '<', '5']), false],
  ['a date after', userWith({ since: Date.UTC(2026, 1) }), audienceOf({ users: 1 }, ['contact', 'since', '>', '2026-01-01']), true],
  ['a truth', userWith({ beta: true }), audienceOf({ users: 1 }, ['contact', 'beta', '=', 'true']), true],
  ['what is not known, by !=', userWith({}), audienceOf({ users: 1 }, ['contact', 'plan', '!=', 'free']), false],
  ['what is another, by !=', userWith({ plan: 'pro' }), audienceOf({ users: 1 }, ['contact', 'plan', '!=', 'free']), true],
  ['a name of an object’s own', userWith({}), audienceOf({ users: 1 }, ['contact', 'constructor', 'contains', 'Object']), false],
]

for (const [who, reader, audience, may] of TABLE) {
  test(`${may ? 'reads' : 'does not read'}: ${who}`, () => assert.equal(canRead(reader, audience), may))
}
