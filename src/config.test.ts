import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { readConfig } from '#config'

const key = randomBytes(32).toString('base64url')

function complaintOf(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    return String(error)
  }
  return assert.fail('The configuration was taken.')
}

test('nothing is required: the defaults serve SQLite on the own machine', () => {
  const config = readConfig({})
  assert.deepEqual(
    [config.dataFolder, config.databaseUrl, config.encryptionKey, config.listen, config.port],
    ['data', undefined, undefined, '127.0.0.1', 4000],
  )
  assert.deepEqual([config.teamUrl, config.trustedProxies, config.log], ['http://latchkey.localhost:4000', [], 'info'])
})

test('an empty variable is as good as none, and others are not read', () => {
  assert.deepEqual(readConfig({ PORT: '', DATABASE_URL: '', LATCHKEY_ENCRYPTION_KEY: '', HOME: '/', PATH: '' }), readConfig({}))
})

test('every problem is told at once', () => {
  const complaint = complaintOf({
    PORT: '70000',
    LATCHKEY_LOG: 'loud',
    DATABASE_URL: 'mysql://db/latchkey',
    LATCHKEY_TEAM_URL: 'support.acme.com',
    LATCHKEY_REFUSED_BOOTS_PER_MINUTE: '0',
    LATCHKEY_ENCRYPTION_KEY: 'short',
    LATCHKEY_OUTGOING_ALLOW: '10.0.0.0/8, everything',
    LATCHKEY_OUTGOING_PORTS: '8443, 70000',
  })
  for (const name of [
    'PORT',
    'LATCHKEY_LOG',
    'DATABASE_URL',
    'LATCHKEY_TEAM_URL',
    'LATCHKEY_REFUSED_BOOTS_PER_MINUTE',
    'LATCHKEY_ENCRYPTION_KEY',
    'LATCHKEY_OUTGOING_ALLOW',
    'LATCHKEY_OUTGOING_PORTS',
  ]) {
    assert.match(complaint, new RegExp(`^ {2}- ${name} `, 'm'))
  }
})

test('PostgreSQL without a key is refused, together with what else is wrong', () => {
  const complaint = complaintOf({ DATABASE_URL: 'postgres://db/latchkey', PORT: 'x' })
  assert.match(complaint, /^ {2}- LATCHKEY_ENCRYPTION_KEY is required/m)
  assert.match(complaint, /^ {2}- PORT /m)
  const config = readConfig({ DATABASE_URL: 'postgres://db/latchkey', LATCHKEY_ENCRYPTION_KEY: key })
  assert.equal(config.databaseUrl, 'postgres://db/latchkey')
})

for (const [flaw, bad] of [
  ['of 31 bytes', randomBytes(31).toString('base64url')],
  ['of words', 'change-me'],
  ['of one letter', 'a'.repeat(43)],
  ['of a short pattern', '0123'.repeat(11)],
  ['of the example in a manual', 'changemechangemechangemechangemechangemechangeme'],
  ['of signs outside base64', '!'.repeat(60)],
] as const)
  test(`an encryption key ${flaw} is refused, and not repeated in the complaint`, () => {
    const complaint = complaintOf({ LATCHKEY_ENCRYPTION_KEY: bad })
    assert.match(complaint, /LATCHKEY_ENCRYPTION_KEY/)
    assert.ok(!complaint.includes(bad))
  })

test('what openssl makes is taken, in base64 and in base64url', () => {
  for (const encoding of ['base64', 'base64url'] as const) {
    const bytes = randomBytes(32)
    const { encryptionKey } = readConfig({ LATCHKEY_ENCRYPTION_KEY: bytes.toString(encoding) })
    assert.ok(encryptionKey && bytes.equals(encryptionKey))
  }
})

test('a complaint names no password', () => {
  assert.ok(!complaintOf({ DATABASE_URL: 'mysql://latchkey:hunter2@db/latchkey' }).includes('hunter2'))
})

test('the public address of the teammates’ host is an origin, the proxies a list', () => {
  const config = readConfig({ LATCHKEY_TEAM_URL: 'https://Support.Acme.com/', LATCHKEY_TRUSTED_PROXIES: ' 10.0.0.0/8, ,127.0.0.1 ' })
  assert.deepEqual([config.teamUrl, config.trustedProxies], ['https://support.acme.com', ['10.0.0.0/8', '127.0.0.1']])
})

test('mail needs a server and a sender, both well formed', () => {
  const smtp = { LATCHKEY_SMTP_URL: 'smtps://ada:se%3Acret@smtp.acme.test:465' }
  assert.equal(readConfig({}).mail, undefined)
  assert.deepEqual(readConfig({ ...smtp, LATCHKEY_MAIL_FROM: 'Acme <help@acme.test>' }).mail, {
    smtpUrl: smtp.LATCHKEY_SMTP_URL,
    from: { name: 'Acme', address: 'help@acme.test' },
  })
  assert.match(complaintOf(smtp), /set together/)
  assert.match(complaintOf({ LATCHKEY_MAIL_FROM: 'help@acme.test' }), /set together/)
  for (const url of ['https://smtp.acme.test', 'smtp.acme.test:25', 'smtp://', 'smtp://smtp.acme.test/?tls=no'])
    assert.match(complaintOf({ LATCHKEY_SMTP_URL: url, LATCHKEY_MAIL_FROM: 'help@acme.test' }), /LATCHKEY_SMTP_URL must be/)
  const complaint = complaintOf({ LATCHKEY_SMTP_URL: 'smtp://ada:hunter2@x/y', LATCHKEY_MAIL_FROM: 'Acme' })
  assert.match(complaint, /LATCHKEY_MAIL_FROM must be/)
  assert.doesNotMatch(complaint, /hunter2/)
})

test('nothing but public addresses is asked unless networks and ports are named', () => {
  assert.deepEqual(readConfig({}).outgoing, { allow: [], ports: [] })
  const { outgoing } = readConfig({ LATCHKEY_OUTGOING_ALLOW: '10.0.0.0/8, ::1', LATCHKEY_OUTGOING_PORTS: '8443,9000' })
  assert.deepEqual(outgoing, { allow: ['10.0.0.0/8', '::1'], ports: [8443, 9000] })
})
