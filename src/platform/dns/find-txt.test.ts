import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { NO_SUCH_NAME, openNameServer, SERVER_FAILURE, type DnsAnswer, type NameServer } from '#test/name-server.ts'
import { openFindTxt } from './find-txt.ts'

let dns: NameServer
before(async () => {
  dns = await openNameServer()
})
after(() => dns.close())

test('every record of a name comes, each joined from its pieces', async () => {
  dns.names.set('_latchkey.docs.acme.test', { records: [['v=spf1 -all'], ['latchkey-', 'host=', 'x'.repeat(200)]] })
  const findTxt = openFindTxt({ servers: [dns.address] })
  assert.deepEqual((await findTxt('_latchkey.docs.acme.test')).toSorted(), [`latchkey-host=${'x'.repeat(200)}`, 'v=spf1 -all'])
})

for (const [what, answer, code] of [
  ['that does not exist', { code: NO_SUCH_NAME }, 'ENOTFOUND'],
  ['without such a record', { records: [] }, 'ENODATA'],
  ['whose server is in trouble', { code: SERVER_FAILURE }, 'ESERVFAIL'],
  ['whose server is silent', 'silence', 'ETIMEOUT'],
] as [string, DnsAnswer, string][])
  test(`a name ${what} is ${code}`, async () => {
    dns.names.set('a.test', answer)
    await assert.rejects(openFindTxt({ servers: [dns.address], timeoutMs: 250 })('a.test'), { code })
  })
