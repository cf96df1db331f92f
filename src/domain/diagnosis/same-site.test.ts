import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareSites } from '#domain/diagnosis/same-site.ts'

for (const [app, host, code] of [
  ['https://app.acme.com', 'https://help.acme.com', null],
  ['https://acme.com', 'https://help.acme.com:8443', null],
  ['https://app.foo.co.uk', 'https://help.foo.co.uk', null],
  ['https://app.acme.test', 'https://help.acme.test', null],
  ['http://app.acme.localhost:4001', 'http://help.acme.localhost:4000', null],
  ['http://localhost:3000', 'http://localhost:4000', null],
  ['https://10.0.0.1', 'https://10.0.0.1:8443', null],
  ['https://foo.co.uk', 'https://bar.co.uk', 'other_site'],
  ['https://acme.co.uk', 'https://help.acme.com', 'other_site'],
  ['https://a.vercel.app', 'https://b.vercel.app', 'public_suffix_siblings'],
  ['https://acme.github.io', 'https://acme-help.github.io', 'public_suffix_siblings'],
  ['https://github.io', 'https://help.github.io', 'public_suffix_siblings'],
  ['https://a.s3.amazonaws.com', 'https://b.s3.amazonaws.com', 'public_suffix_siblings'],
  ['http://app.acme.com', 'https://help.acme.com', 'scheme_differs'],
  ['http://localhost:3000', 'http://help.acme.localhost:4000', 'other_site'],
  ['https://10.0.0.1', 'https://10.0.0.2', 'other_site'],
  ['https://acme.com.evil.test', 'https://help.acme.com', 'other_site'],
] as const)
  test(`${app} and ${host}: ${code ?? 'one site'}`, () => {
    const { isSameSite, code: found, evidence } = compareSites(app, host)
    assert.deepEqual([isSameSite, found], [code === null, code])
    assert.match(evidence, /\.$/)
  })
