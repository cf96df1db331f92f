import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAllowedAddress, readNetwork } from './addresses.ts'

const BLOCKED: Record<string, string[]> = {
  'this host': ['0.0.0.0', '0.1.2.3', '::', '::0.0.0.1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fdff::1', 'fec0::1'],
  shared: ['100.64.0.1', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local, with the clouds’ metadata': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'febf::1', 'fd00:ec2::254'],
  'protocol assignments': ['192.0.0.1', '192.0.0.170', '2001:1::1', '192.88.99.1'],
  'for documentation': ['192.0.2.1', '198.51.100.7', '203.0.113.7', '2001:db8::1', '3fff::1'],
  'for benchmarks': ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255', '100::1', '4000::1', '5f00::1'],
  'IPv4 mapped into IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0:127.0.0.1'],
  'IPv4 compatible IPv6': ['::127.0.0.1', '::10.0.0.1'],
  'IPv4 behind a translator': ['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1', '64:ff9b:1::8.8.8.8'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1'],
  Teredo: ['2001::1', '2001:0:7f00:1::', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  'no address': ['', 'localhost', '999.1.1.1', '1.2.3.4.5', '::g', 'fe80::1%eth0', '127.0.0.1:80'],
}

for (const [name, addresses] of Object.entries(BLOCKED))
  for (const address of addresses)
    test(`${address || '(nothing)'} is not asked: ${name}`, () => assert.equal(isAllowedAddress(address, []), false))

for (const address of ['8.8.8.8', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8'])
  test(`${address} is public`, () => assert.equal(isAllowedAddress(address, []), true))

test('an operator allows networks, and nothing beside them', () => {
  const allowed = ['10.1.0.0/16', '127.0.0.1', 'fd00::/8'].map(readNetwork)
  const verdicts = ['10.1.2.3', '::ffff:10.1.2.3', '10.2.0.1', '127.0.0.1', '127.0.0.2', 'fd12::1', 'fc00::1'].map((address) =>
    isAllowedAddress(address, allowed),
  )
  assert.deepEqual(verdicts, [true, true, false, true, false, true, false])
  for (const text of ['10.0.0.0/33', 'everywhere', '', '10.0.0.0/x']) assert.throws(() => readNetwork(text))
})
