import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listHeadings, plainText, renderMarkdown } from './markdown.ts'
import { sanitizeHtml } from './sanitize.ts'

const TAGS = /^(?:h[2-6]|p|a|ul|ol|li|blockquote|pre|code|em|strong|s|br|hr|img|table|thead|tbody|tr|th|td)$/
const ATTRIBUTES = /^(?:href|src|alt|title|rel|loading|id|class|align|start|tabindex)$/

/** Reads the serialiser's own form (quoted values, no bare `<`), and refuses anything else. */
function assertHarmless(clean: string) {
  for (const [tag, name = '', rest = ''] of clean.matchAll(/<\/?([^\s>/]*)((?:[^">]|"[^"]*")*)>?/g)) {
    assert.match(name, TAGS, tag)
    assert.ok(tag.endsWith('>'), tag)
    assert.equal(
      rest
        .replace(/\s[^\s=]+="[^"]*"/g, '')
        .replace('/', '')
        .trim(),
      '',
      tag,
    )
    for (const [, attribute = '', value = ''] of rest.matchAll(/\s([^\s=]+)="([^"]*)"/g)) {
      assert.match(attribute, ATTRIBUTES, tag)
      if (attribute === 'href' || attribute === 'src') assert.match(value, /^(?:https?:|mailto:|tel:|\/(?!\/)|#|[\w.-]+(?:[/?#]|$))/, tag)
    }
  }
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java&#9;script:alert(1)">x</a>',
  '<a href=" \u0001javascript:alert(1)">x</a>',
  '<a href="jav\u0000ascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:x">x</a>',
  '<a href="//evil.test/x">x</a>',
  '<img src="//evil.test/x.png">',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<p style="position:fixed" onclick="x()">x</p>',
  '<form action="//evil.test"><input name=x><button formaction="javascript:alert(1)">x</button></form>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea></textarea><img src=x onerror=alert(1)>',
  '<template><img src=x onerror=alert(1)></template>',
  '<base href="//evil.test/"><link rel=stylesheet href=x><meta http-equiv=refresh content="0;url=//evil.test">',
  '<object data=x></object><embed src=x><video src=x onerror=alert(1)>',
  '<!--><img src=x onerror=alert(1)>-->',
  '[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](javascript&colon;alert(1)) <javascript:alert(1)> ![x](data:image/svg+xml;base64,AAAA)',
  '[a]: javascript:alert(1)\n\n[a] ![a]',
  '[x](https://ok.test "\\" onmouseover=\\"alert(1)") ![x](https://ok.test/x.png "\\" onerror=\\"alert(1)")',
  '```"><script>alert(1)</script>\ncode\n```',
  '# <img src=x onerror=alert(1)>',
  '|<script>|b|\n|-|-|\n|<img src=x onerror=alert(1)>|2|',
]

for (const hostile of HOSTILE) {
  test(`nothing runs and nothing is fetched in secret from ${JSON.stringify(hostile)}`, () => {
    for (const clean of [sanitizeHtml(hostile), renderMarkdown(hostile)]) {
      assertHarmless(clean)
      assert.equal(sanitizeHtml(clean), clean, 'sanitising twice changes nothing')
    }
  })
}

test('tables, code, lists and images come through', () => {
  const rendered = renderMarkdown(
    '| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```ts\nconst a = "<b>"\n```\n\n3. three\n\n~~gone~~ ![logo](/logo.png)',
  )
  assert.match(rendered, /<th align="center">a<\/th>\s*<th align="right">b<\/th>/)
  assert.match(rendered, /<pre tabindex="0"><code class="language-ts">const a = "&lt;b&gt;"/)
  assert.match(rendered, /<ol start="3">/)
  assert.match(rendered, /<s>gone<\/s> <img src="\/logo.png" alt="logo" loading="lazy" \/>/)
})

test('headings can be linked to in every script, and the page keeps the only h1', () => {
  const rendered = renderMarkdown(
    '# صفحات أسترو\n## `npm` と [設定](https://x.test)\n## Same\n## Same\n[go](#%D8%B5%D9%81%D8%AD%D8%A7%D8%AA-أسترو)',
  )
  assert.deepEqual(listHeadings(rendered), [
    { id: 'h-صفحات-أسترو', level: 2, text: 'صفحات أسترو' },
    { id: 'h-npm-と-設定', level: 2, text: 'npm と 設定' },
    { id: 'h-same', level: 2, text: 'Same' },
    { id: 'h-same-1', level: 2, text: 'Same' },
  ])
  assert.doesNotMatch(rendered, /<h1/)
})

test('only headings carry ids, and never one of the page’s own', () => {
  assert.equal(sanitizeHtml('<h2 id="main">a</h2><p id="h-x">b</p>'), '<h2>a</h2><p>b</p>')
})

test('plain text has the words and no markup', () => {
  assert.equal(plainText(renderMarkdown('## A & b\n\n*c* `<d>`')).trim(), 'A & b\n\nc <d>')
})
