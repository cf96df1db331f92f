function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  console.error(`Set ${name}. README.md beside this file lists all settings.`)
  process.exit(1)
}

export const config = {
  company: process.env['COMPANY'] ?? 'Acme',
  port: Number(process.env['PORT'] ?? 4001),
  helpUrl: required('HELP_URL').replace(/\/$/, ''),
  appId: required('APP_ID'),
  key: { secret: required('MESSENGER_SECRET'), kid: process.env['KID'] ?? '' },
}
