import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Delivered {
  to: string[]
  sender: string
  /** Unfolded and decoded, by lower-case name. */
  headers: Map<string, string>
  text: string
  html: string
  raw: string
}

/** A real SMTP server on a free port that keeps what it is given. */
export interface Mailbox {
  url: string
  mails: Delivered[]
  /** The environment that makes a house send its mail here. */
  environment: Record<'LATCHKEY_SMTP_URL' | 'LATCHKEY_MAIL_FROM', string>
  close(): Promise<void>
}

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Delivered[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const sender = envelope.mailFrom ? envelope.mailFrom.address : ''
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), sender, ...readMail(Buffer.concat(chunks).toString('latin1')) })
        done()
      })
    },
    ...options,
  })
  // A client that goes away in the middle is no fault of the server.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return {
    url,
    mails,
    environment: { LATCHKEY_SMTP_URL: url, LATCHKEY_MAIL_FROM: 'Acme Help <help@acme.test>' },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function readMail(raw: string): Omit<Delivered, 'to' | 'sender'> {
  const { headers, body } = split(raw)
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1)
  const bodyOf = (type: string) => {
    const found = parts.map((part) => split(part.replace(/^\r\n/, ''))).find((part) => part.headers.get('content-type')?.startsWith(type))
    return found ? decode(found.body, found.headers.get('content-transfer-encoding') ?? '7bit') : ''
  }
  return { headers, text: bodyOf('text/plain'), html: bodyOf('text/html'), raw }
}

function split(text: string): { headers: Map<string, string>; body: string } {
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), decodeWords(line.slice(line.indexOf(':') + 1).trim())] as const,
  )
  return { headers: new Map(headers), body: text.slice(end + 4) }
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString()
  return quotedPrintable(body.replaceAll(/=\r\n/g, ''))
}

function quotedPrintable(text: string): string {
  return Buffer.from(
    text.replaceAll(/=([\dA-F]{2})/g, (_match, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
}

/** RFC 2047 */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_match, kind: string, text: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : quotedPrintable(text.replaceAll('_', ' ')),
    )
}
