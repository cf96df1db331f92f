import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listHosts, removeHost } from '#domain/workspaces/workspaces.ts'
import {
  lookForProof,
  settleProof,
  listUnprovedHosts,
  proofOf,
  requestHost,
  type ProofSources,
  type UnprovedHost,
} from '#domain/workspaces/unproved-hosts.ts'
import { openHouse, type House } from '#test/house.ts'

const HELP = 'https://docs.acme.test'
const NOWHERE: ProofSources = {
  findTxt: () => Promise.reject(Object.assign(new Error('queryTxt ENOTFOUND'), { code: 'ENOTFOUND' })),
  fetchText: () => Promise.reject(new Error('404')),
}

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

async function wantHost(address = HELP): Promise<UnprovedHost> {
  const wanted = await requestHost(house.db, house.acme, address, house.now())
  assert.ok('token' in wanted)
  return wanted
}

async function statusAt(host: string): Promise<[number, unknown]> {
  house.pass(1001)
  const { statusCode, headers } = await house.get('/en', { headers: { host } })
  return [statusCode, headers['set-cookie']]
}

async function check(wanted: UnprovedHost, sources: Partial<ProofSources>, workspace = house.acme) {
  const answers = await lookForProof(house.db, workspace, wanted.host, { ...NOWHERE, ...sources })
  return settleProof(house.db, workspace, wanted.host, { answers, now: house.now() })
}

for (const [where, answer] of [
  ['a DNS record', ({ txt_name, txt_value }) => ({ findTxt: async (name) => (name === txt_name ? ['v=spf1 -all', txt_value] : []) })],
  ['a file', ({ file_url, file_text }) => ({ fetchText: async (url) => (url === file_url ? `${file_text}\n` : '') })],
] as [string, (proof: ReturnType<typeof proofOf>) => Partial<ProofSources>][])
  test(`a host is served once its owner has proved it by ${where}, and no longer once it is removed`, async () => {
    const wanted = await wantHost()
    assert.deepEqual(await statusAt('docs.acme.test'), [421, undefined])
    assert.ok('proved_by' in (await check(wanted, answer(proofOf(wanted)))))
    assert.notEqual((await statusAt('docs.acme.test'))[0], 421)
    assert.deepEqual(await listUnprovedHosts(house.db, house.acme), [])
    await removeHost(house.db, house.acme, HELP)
    assert.deepEqual(await statusAt('docs.acme.test'), [421, undefined])
  })

for (const [flaw, sources, answers] of [
  ['nowhere', {}, [/has no TXT record yet/, /file was not found: 404/]],
  ['with the token of another host', { findTxt: async () => ['latchkey-host=another'] }, [/says “latchkey-host=another”/, /not found/]],
  ['with something around it', { fetchText: async () => '<p>latchkey-host=token' }, [/no TXT record/, /The file says “<p>/]],
  ['in an empty file', { fetchText: async () => '' }, [/no TXT record/, /says nothing/]],
  [
    'where the DNS does not answer',
    { findTxt: () => Promise.reject(Object.assign(new Error('x'), { code: 'ETIMEOUT' })) },
    [/DNS did not answer \(ETIMEOUT\)/, /not found/],
  ],
] as [string, Partial<ProofSources>, [RegExp, RegExp]][])
  test(`a host proved ${flaw} is not served, and its row says what was found`, async () => {
    const found = await check(await wantHost(), sources)
    assert.ok('token' in found)
    assert.match(found.dns_answer ?? '', answers[0])
    assert.match(found.file_answer ?? '', answers[1])
    assert.deepEqual(await statusAt('docs.acme.test'), [421, undefined])
  })

test('the proof of one workspace is not that of another, and what one has proved no other can take', async () => {
  const ours = await wantHost()
  const theirs = await requestHost(house.db, house.globex, HELP, house.now())
  assert.ok('token' in theirs)
  assert.notEqual(ours.token, theirs.token)
  const says = (wanted: UnprovedHost) => ({ findTxt: async () => [proofOf(wanted).txt_value] })
  assert.ok('token' in (await check(theirs, says(ours), house.globex)))
  assert.ok('proved_by' in (await check(ours, says(ours))))
  await assert.rejects(check(theirs, says(theirs), house.globex), { code: 'parameter_invalid' })
  assert.ok(!(await listHosts(house.db, house.globex)).some(({ origin }) => origin === HELP))
  await assert.rejects(check(theirs, says(ours)), { code: 'not_found' })
})

test('this machine’s own names need no proof', async () => {
  assert.ok('proved_by' in (await requestHost(house.db, house.acme, 'http://docs.acme.localhost:4000', house.now())))
  assert.ok('token' in (await requestHost(house.db, house.acme, 'https://localhost.acme.test', house.now())))
})
