import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { after, afterEach, before, test } from 'node:test'
import { openMailbox, type Mailbox } from '#test/mailbox.ts'
import { readAddress, readMailbox } from './addresses.ts'
import { composeLetter } from './letter.ts'
import { openMailer, type Mailer } from './mailer.ts'

const from = { name: 'Acme Aide é', address: 'help@acme.test' }
const mail = { to: 'ada@engines.test', subject: 'Votre lien – リンク', text: 'Bonjour, ça va ? こんにちは' }
let box: Mailbox
const open: Mailer[] = []
before(async () => void (box = await openMailbox()))
after(() => box.close())
afterEach(() => {
  for (const mailer of open.splice(0)) mailer.close()
  box.mails.length = 0
})

function mailerOf(smtpUrl: string): Mailer {
  const mailer = openMailer({ smtpUrl, from })
  open.push(mailer)
  return mailer
}

test('a mail arrives with its words, its sender, and the note that no robot wrote it by hand', async () => {
  assert.deepEqual(await mailerOf(box.url).send({ ...mail, html: '<p>Ça va ?</p>' }), { ok: true })
  const [got] = box.mails
  assert.ok(got)
  assert.deepEqual([got.to, got.sender], [['ada@engines.test'], 'help@acme.test'])
  assert.equal(got.headers.get('from'), 'Acme Aide é <help@acme.test>')
  assert.equal(got.headers.get('subject'), mail.subject)
  assert.equal(got.headers.get('auto-submitted'), 'auto-generated')
  assert.match(got.headers.get('message-id') ?? '', /@acme\.test>$/)
  assert.equal(got.text.trim(), mail.text)
  assert.equal(got.html.trim(), '<p>Ça va ?</p>')
})

for (const [what, change, fault] of [
  ['a line break in the subject', { subject: 'Hello\r\nBcc: eve@evil.test' }, 'header_invalid'],
  ['a bare line feed in the subject', { subject: 'Hello\nX: y' }, 'header_invalid'],
  ['a NUL in the subject', { subject: 'Hello\0' }, 'header_invalid'],
  ['an endless subject', { subject: 'x'.repeat(300) }, 'header_invalid'],
  ['a line break in the address', { to: 'ada@engines.test\r\nRCPT TO:<eve@evil.test>' }, 'address_invalid'],
  ['two addresses', { to: 'ada@engines.test, eve@evil.test' }, 'address_invalid'],
  ['a name around the address', { to: 'Ada <ada@engines.test>' }, 'address_invalid'],
  ['a comment in the address', { to: 'ada(eve@evil.test)@engines.test' }, 'address_invalid'],
  ['a quoted address', { to: '"ada eve"@engines.test' }, 'address_invalid'],
  ['a route', { to: '@evil.test:ada@engines.test' }, 'address_invalid'],
  ['nobody', { to: '' }, 'address_invalid'],
] as const)
  test(`with ${what} nothing is sent`, async () => {
    const sent = await mailerOf(box.url).send({ ...mail, ...change })
    assert.deepEqual([sent.ok, sent.ok || sent.fault, box.mails.length], [false, fault, 0])
  })

test('without a mail server it says so', async () => {
  const off = openMailer(undefined)
  const sent = await off.send(mail)
  assert.deepEqual([off.isConfigured, sent.ok || sent.fault], [false, 'not_configured'])
})

test('it logs in where the server wants that, and says when it is not let in', async () => {
  const picky = await openMailbox({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'latch@key' && password === 'open:sesame' ? done(null, { user: 'latch' }) : done(new Error('No.')),
  })
  const url = (password: string) => picky.url.replace('//', `//latch%40key:${password}@`)
  const [good, bad, none] = await Promise.all(
    [url('open%3Asesame'), url('other'), picky.url].map((address) => mailerOf(address).send(mail)),
  )
  await picky.close()
  assert.deepEqual(good, { ok: true })
  assert.deepEqual([bad?.ok || bad?.fault, none?.ok || none?.fault], ['login_refused', 'rejected'])
  assert.doesNotMatch(JSON.stringify([bad, none]), /latch|other|ada@/)
})

test('a server that refuses the recipient, or is not there, is told from one that works', async () => {
  const full = await openMailbox({ onRcptTo: (_address, _session, done) => done(new Error('ada@engines.test is full')) })
  const refused = await mailerOf(full.url).send(mail)
  await full.close()
  const gone = await mailerOf(full.url).send(mail)
  assert.deepEqual([refused.ok || refused.fault, gone.ok || gone.fault], ['rejected', 'unreachable'])
  assert.doesNotMatch(JSON.stringify(refused), /ada@/)
})

test('a password does not travel in clear to another machine', async () => {
  const seen: string[] = []
  const clear = createServer((socket) => {
    socket.write('220 clear ESMTP\r\n')
    socket.on('data', (chunk) => {
      seen.push(String(chunk))
      socket.write(String(chunk).startsWith('EHLO') ? '250-clear\r\n250 AUTH PLAIN LOGIN\r\n' : '502 no\r\n')
    })
    socket.on('error', () => undefined)
  })
  await once(clear.listen(0, '127.0.0.2'), 'listening')
  const sent = await mailerOf(`smtp://ada:sesame@127.0.0.2:${(clear.address() as AddressInfo).port}`).send(mail)
  clear.close()
  assert.deepEqual([sent.ok || sent.fault], ['tls'])
  assert.doesNotMatch(seen.join(''), /AUTH/)
})

for (const [typed, read] of [
  ['Ada@Engines.Test', 'ada@engines.test'],
  [' ada+news@engines.test ', 'ada+news@engines.test'],
  ['ada@münchen.test', 'ada@xn--mnchen-3ya.test'],
  ['ada@ENGINES.co.uk', 'ada@engines.co.uk'],
  ["o'hara@engines.test", "o'hara@engines.test"],
  ['ada@engines', undefined],
  ['ada@@engines.test', undefined],
  ['ada.@engines.test', undefined],
  ['a..b@engines.test', undefined],
  ['ada@engines.test.', undefined],
  ['ada@[127.0.0.1]', undefined],
  ['ada@127.0.0.1', undefined],
  ['ada@-engines.test', undefined],
  ['ada\0@engines.test', undefined],
  ['ada@engines.test\nbcc:eve@evil.test', undefined],
  // The Kelvin sign becomes a k in lower case: two mailboxes would be one.
  ['\u212Aai@engines.test', undefined],
  ['=?utf-8?q?ada?=@engines.test', '=?utf-8?q?ada?=@engines.test'],
  [`${'x'.repeat(65)}@engines.test`, undefined],
] as const)
  test(`the address ${JSON.stringify(typed)} is read as ${read ?? 'none'}`, () => assert.equal(readAddress(typed), read))

test('the words on a letter’s button are readable on every colour', () => {
  const letter = { locale: 'en', from: 'A', heading: 'B', paragraphs: [], button: { label: 'C', href: 'https://a.test/' }, footer: 'D' }
  const inkOn = (color: string) => /background:#\w+;color:(#\w+)/.exec(composeLetter({ ...letter, color }).html)?.[1]
  assert.deepEqual(['#0f766e', '#000000', '#ffee00', '#ffffff'].map(inkOn), ['#ffffff', '#ffffff', '#000000', '#000000'])
})

test('a sender is an address with or without a name', () => {
  assert.deepEqual(readMailbox('Acme Help <Help@acme.test>'), { name: 'Acme Help', address: 'help@acme.test' })
  assert.deepEqual(readMailbox('"Acme, Inc." <help@acme.test>'), { name: 'Acme, Inc.', address: 'help@acme.test' })
  assert.deepEqual(readMailbox('help@acme.test'), { name: '', address: 'help@acme.test' })
  for (const text of ['Acme', 'Acme <help>', 'a\r\nb <help@acme.test>', '<a@b.test> <c@d.test>', ''])
    assert.equal(readMailbox(text), undefined)
})

for (const [locale, dir] of [
  ['en', 'ltr'],
  ['fr', 'ltr'],
  ['ja', 'ltr'],
  ['ar', 'rtl'],
])
  test(`a letter in ${locale} says the same in plain text and in HTML, and escapes what it is given`, () => {
    const letter = {
      locale: locale ?? '',
      from: 'Acme & <Sons>',
      heading: 'Heading "one"',
      paragraphs: ['First <b>', 'Second'],
      button: { label: 'Press', href: 'https://help.acme.test/x?a=1&b=2' },
      footer: 'Not you?',
    }
    const { text, html } = composeLetter(letter)
    for (const part of ['Heading "one"', 'First <b>', 'Second', 'Press', letter.button.href, 'Not you?', 'Acme & <Sons>'])
      assert.ok(text.includes(part), part)
    for (const part of [
      'Heading &quot;one&quot;',
      'First &lt;b&gt;',
      `href="https://help.acme.test/x?a=1&amp;b=2"`,
      'Acme &amp; &lt;Sons&gt;',
    ])
      assert.ok(html.includes(part), part)
    assert.match(html, new RegExp(`<html lang="${locale}" dir="${dir}">`))
    assert.doesNotMatch(html, /<script|<img|<link|url\(/)
  })
