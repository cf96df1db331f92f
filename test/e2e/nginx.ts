import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'
import { startUntilOpen } from './until-open.ts'

/** One TLS server of nginx: who it speaks for, whom it asks, and lines that spoil what passes. */
export interface Site {
  name: string
  port: number
  upstream: number
  lines?: string[]
}

export interface Nginx {
  stop(): Promise<void>
}

/** A real nginx in the foreground, with all that it writes in `folder`. */
export async function startNginx(folder: string, certificates: Certificates, sites: readonly Site[]): Promise<Nginx> {
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi', 'cache']) mkdirSync(join(folder, name), { recursive: true })
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configurationOf(folder, certificates, sites))
  return startUntilOpen('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { port: sites[0]?.port ?? 0, cwd: folder })
}

function configurationOf(folder: string, { certificate, key }: Certificates, sites: readonly Site[]): string {
  const temporary = ['client_body_temp_path body', ...['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name}`)]
  return `daemon off;
worker_processes 1;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.map((line) => `${line};`).join(' ')}
  proxy_cache_path ${join(folder, 'cache')} keys_zone=pages:1m;
  ssl_certificate ${certificate};
  ssl_certificate_key ${key};
${sites.map(serverOf).join('\n')}
}
`
}

function serverOf({
  name,
  port,
  upstream,
  lines = ['proxy_set_header Host $http_host;', 'proxy_set_header X-Forwarded-For $remote_addr;'],
}: Site): string {
  return `  server {
    listen 127.0.0.1:${port} ssl;
    server_name ${name};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      ${lines.join('\n      ')}
    }
  }`
}
