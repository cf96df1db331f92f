import { z } from 'zod'

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
    trustedProxies: env.LATCHKEY_TRUSTED_PROXIES.split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
    refusedBootsPerMinute: env.LATCHKEY_REFUSED_BOOTS_PER_MINUTE,
    log: env.LATCHKEY_LOG,
  }
}
