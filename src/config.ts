import { z } from 'zod'
import { readNetwork } from '#platform/http-client/addresses.ts'
import { readMailbox } from '#platform/mail/addresses.ts'
import type { MailSettings } from '#platform/mail/mailer.ts'

const Environment = z.object({
  LATCHKEY_DATA: z.string().min(1).default('data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .optional(),
  LATCHKEY_ENCRYPTION_KEY: z
    .string()
    .refine(
      (key) => Buffer.from(key, 'base64url').length >= 32,
      'must be at least 32 random bytes in base64url; make one with: openssl rand -base64 32',
    )
    .refine((key) => new Set(key).size > 8, 'is an example, not a random key')
    .optional(),
  LATCHKEY_TEAM_URL: z.url({ protocol: /^https?$/ }).default('http://latchkey.localhost:4000'),
  LATCHKEY_LISTEN: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LATCHKEY_TRUSTED_PROXIES: z.string().default(''),
  LATCHKEY_REFUSED_BOOTS_PER_MINUTE: z.coerce.number().int().min(1).default(20),
  LATCHKEY_OUTGOING_ALLOW: z
    .string()
    .refine((text) => listOf(text).every(isNetwork), 'must be networks such as 10.0.0.0/8, separated by commas')
    .default(''),
  LATCHKEY_OUTGOING_PORTS: z
    .string()
    .refine((text) => listOf(text).every(isPort), 'must be ports such as 8443, separated by commas')
    .default(''),
  LATCHKEY_SMTP_URL: z.string().refine(isSmtpUrl, 'must be an address such as smtps://user:password@smtp.example.com:465').optional(),
  LATCHKEY_MAIL_FROM: z
    .string()
    .refine((text) => readMailbox(text) !== undefined, 'must be an address, or a name and an address: Acme Help <help@example.com>')
    .optional(),
  LATCHKEY_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

export interface Config {
  dataFolder: string
  databaseUrl: string | undefined
  encryptionKey: Uint8Array | undefined
  /** Public address of the teammates' and API host. */
  teamUrl: string
  listen: string
  port: number
  trustedProxies: string[]
  refusedBootsPerMinute: number
  /** What the outgoing client may ask beside public addresses on ports 80 and 443. */
  outgoing: { allow: string[]; ports: number[] }
  /** Absent: no mail is sent. */
  mail: MailSettings | undefined
  log: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** The only reader of the environment. Throws one error that lists every problem. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  if (given['DATABASE_URL'] && !given['LATCHKEY_ENCRYPTION_KEY']) {
    problems.push(
      'LATCHKEY_ENCRYPTION_KEY is required with DATABASE_URL, because all nodes must share it; make one with: openssl rand -base64 32',
    )
  }
  if (Boolean(given['LATCHKEY_SMTP_URL']) !== Boolean(given['LATCHKEY_MAIL_FROM'])) {
    problems.push('LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM are set together, or not at all')
  }
  if (!parsed.success || problems.length > 0)
    throw new Error(`Latchkey cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  const env = parsed.data
  return {
    dataFolder: env.LATCHKEY_DATA,
    databaseUrl: env.DATABASE_URL,
    encryptionKey: env.LATCHKEY_ENCRYPTION_KEY ? Buffer.from(env.LATCHKEY_ENCRYPTION_KEY, 'base64url') : undefined,
    teamUrl: new URL(env.LATCHKEY_TEAM_URL).origin,
    listen: env.LATCHKEY_LISTEN,
    port: env.PORT,
    trustedProxies: listOf(env.LATCHKEY_TRUSTED_PROXIES),
    refusedBootsPerMinute: env.LATCHKEY_REFUSED_BOOTS_PER_MINUTE,
    outgoing: { allow: listOf(env.LATCHKEY_OUTGOING_ALLOW), ports: listOf(env.LATCHKEY_OUTGOING_PORTS).map(Number) },
    mail: mailSettings(env),
    log: env.LATCHKEY_LOG,
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

function isNetwork(text: string): boolean {
  try {
    return readNetwork(text).length > 0
  } catch {
    return false
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536
}

function mailSettings({ LATCHKEY_SMTP_URL: smtpUrl, LATCHKEY_MAIL_FROM = '' }: z.output<typeof Environment>): MailSettings | undefined {
  const from = readMailbox(LATCHKEY_MAIL_FROM)
  return smtpUrl !== undefined && from ? { smtpUrl, from } : undefined
}

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length <= 1 && url.search === ''
}
