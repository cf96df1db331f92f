import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, raw } from '#platform/html/html.ts'

test('every value is text, in elements and in attributes', () => {
  const evil = `"><script>alert('x')</script>&amp;`
  const safe = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;'
  assert.equal(html`<p title="${evil}">${evil}</p>`.text, `<p title="${safe}">${safe}</p>`)
  assert.equal(html`${[evil, [evil]]}`.text, safe + safe)
})

test('markup nests without being escaped twice', () => {
  assert.equal(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>`.text, '<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  assert.equal(html`${raw('<b>clean</b>')}`.text, '<b>clean</b>')
})

test('what is absent or only a condition prints nothing, numbers print', () => {
  assert.equal(html`${null}${undefined}${true}${false}${0}${''}${1.5}`.text, '01.5')
})
