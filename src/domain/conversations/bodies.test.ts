import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlToText, sanitizeBody, textToHtml } from './bodies.ts'

const NAUGHTY = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="data:text/html,x">x</a>',
  '<xmp><script>alert(1)</script></xmp>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mi//xlink:href="data:x">',
  '<p style="x" onclick="y">z</p>',
  '<a href="//evil.test">x</a>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
]

for (const body of NAUGHTY) {
  test(`what ${JSON.stringify(body)} would do is not done, and cleaning twice changes nothing`, () => {
    const clean = sanitizeBody(body)
    assert.doesNotMatch(clean, /<script|<svg|<style|\son\w+=|script:|data:|href="\/\//i)
    assert.equal(sanitizeBody(clean), clean)
  })
}

test('plain words come out as they went in, cleaned or not', () => {
  for (const text of [...NAUGHTY, 'a & b\n\nhttps://acme.test/(x)?q="1"', 'Grüße 👋\nمرحبا']) {
    const body = textToHtml(text)
    assert.equal(htmlToText(sanitizeBody(body)), htmlToText(body))
    assert.equal(htmlToText(body).replaceAll(/\n+/g, '\n'), text.replaceAll(/\n+/g, '\n'))
  }
})
