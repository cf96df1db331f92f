import type { Transporter } from 'nodemailer'
import { readAddress, type Mailbox } from './addresses.ts'
import { faultOf, type MailFault } from './faults.ts'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
}

export type Sent = { ok: true } | { ok: false; fault: MailFault; detail: string }

/** Sends mail, or says why not. It never throws: a mail server that does not answer is an expected thing. */
export interface Mailer {
  /** False where the installation has no SMTP server: callers show the link instead, or say that mail is off. */
  isConfigured: boolean
  send(mail: Mail): Promise<Sent>
  close(): void
}

export interface MailSettings {
  /** `smtp(s)://user:password@host:port` */
  smtpUrl: string
  from: Mailbox
}

const PATIENCE_MS = 10_000
const MAX_SUBJECT = 250

/** Without settings it answers `not_configured` to everything. */
export function openMailer(settings: MailSettings | undefined): Mailer {
  if (!settings) return { isConfigured: false, send: async () => failure('not_configured', 'Mail is off.'), close: () => undefined }
  let transport: Promise<Transporter> | undefined
  return {
    isConfigured: true,
    async send({ to, subject, text, html }) {
      const address = readAddress(to)
      if (address === undefined) return failure('address_invalid', 'The address is none that mail can be sent to.')
      if (hasControls(subject) || subject.length > MAX_SUBJECT) return failure('header_invalid', 'The subject cannot be a header.')
      try {
        transport ??= openTransport(settings.smtpUrl)
        await (
          await transport
        ).sendMail({
          from: settings.from,
          to: { name: '', address },
          subject,
          text,
          ...(html !== undefined && { html }),
          // RFC 3834 §5.1: nobody's automatic answer answers this.
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { ok: true }
      } catch (error) {
        return { ok: false, ...faultOf(error) }
      }
    },
    close: () => void transport?.then((open) => open.close()),
  }
}

async function openTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const secure = protocol === 'smtps:'
  const host = hostname.replaceAll(/^\[|\]$/g, '')
  return createTransport({
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // A password never leaves in clear; to this very machine there is no way on which it could be read.
    requireTLS: username !== '' && !isThisMachine(host),
    ignoreTLS: isThisMachine(host),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '127.0.0.1'
}

/** CR, LF and NUL would begin another header or command. */
function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text) || !text.isWellFormed()
}

function failure(fault: MailFault, detail: string): Sent {
  return { ok: false, fault, detail }
}
