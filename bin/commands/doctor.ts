import { lookup } from 'node:dns/promises'
import { connect } from 'node:tls'
import { findingTitles, lineOf, type Finding, type Look } from '#domain/diagnosis/findings.ts'
import { docsOf, explain } from '#domain/diagnosis/lines.ts'
import { lookFromOutside } from '#domain/diagnosis/look-from-outside.ts'
import { openHttpClient, type HttpClient, type Lookup } from '#platform/http-client/http-client.ts'
import { readWords, UsageError } from './command.ts'

const SIGNS = { ok: '✔', warn: '⚠', fail: '✖', unknown: '?' }
const TWO_WEEKS = 14 * 86_400_000
const PATIENCE_MS = 10_000

/** Looks at an installation from outside, as a browser reaches it: it needs no database and may run anywhere. Answers the exit code. */
export const doctor = {
  name: ['doctor'],
  usage: 'doctor https://help.example.com [--app-url https://app.example.com] [--token JWT] [--resolve NAME=ADDRESS …] [--json]',
  says: 'look from outside at everything a login needs; exit code 1 if something is broken',
  async run(words: string[], print: (line: string) => void): Promise<number> {
    const { values, given } = readWords(words, ['ADDRESS'], {
      'app-url': { type: 'string' },
      token: { type: 'string' },
      resolve: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    })
    const host = readAddress(given[0] ?? '').origin
    const app = values['app-url'] === undefined ? undefined : readAddress(values['app-url']).href
    const find = openLookup(values.resolve ?? [])
    const look: Look = { client: openClient(find), host, app, now: Date.now }
    const findings = await withCertificate(await lookFromOutside(look, { token: values.token }), look, find)
    const isBroken = findings.some(({ state }) => state === 'fail')
    if (values.json) print(JSON.stringify({ host, app: app ?? null, ok: !isBroken, findings: findings.map(present) }, null, 2))
    else for (const line of report(look, findings)) print(line)
    return Number(isBroken)
  },
}

function present(finding: Finding) {
  const { id, state, code, evidence } = finding
  const { sentence, cure } = code === null ? { sentence: null, cure: null } : explain(code)
  return { id, title: findingTitles[id], state, code, sentence, evidence, cure, docs: docsOf(lineOf[id]) }
}

function report({ host, app }: Look, findings: Finding[]): string[] {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  return [
    `${host}${app === undefined ? '' : `, app ${app}`}`,
    '',
    ...findings.flatMap((finding) => describe(present(finding))),
    '',
    `${count('fail')} broken, ${count('warn')} to look at, ${count('ok')} fine${count('unknown') > 0 ? `, ${count('unknown')} unknown` : ''}.`,
    ...(app === undefined ? ['With --app-url https://app.example.com it also looks at your app: origin, site and clock.'] : []),
  ]
}

function describe({ title, state, code, sentence, evidence, cure, docs }: ReturnType<typeof present>): string[] {
  if (code === null) return [`${SIGNS[state]} ${title}. ${evidence}`]
  return [`${SIGNS[state]} ${sentence} (${code})`, `    ${evidence}`, `    Cure: ${cure}`, `    See docs/${docs}`]
}

function readAddress(address: string): URL {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`${address} is not an http(s) address such as https://help.example.com`)
  return url
}

/** As curl's `--resolve`: looks at a host before its name is known to the world. */
function openLookup(rules: readonly string[]): Lookup {
  const known = new Map(rules.map((rule) => [rule.slice(0, rule.lastIndexOf('=')), rule.slice(rule.lastIndexOf('=') + 1)]))
  return async (hostname) => {
    // Browsers resolve these to the machine itself (RFC 6761 §6.3); resolvers often do not.
    const address = known.get(hostname) ?? (/(^|\.)localhost$/.test(hostname) ? '127.0.0.1' : undefined)
    return address === undefined ? lookup(hostname, { all: true, order: 'verbatim' }) : [{ address, family: address.includes(':') ? 6 : 4 }]
  }
}

/** Whoever runs the doctor may reach every address anyway. */
function openClient(lookup: Lookup): HttpClient {
  return {
    fetch(address, question) {
      const { port } = new URL(address)
      return openHttpClient({ allow: ['0.0.0.0/0', '::/0'], ports: port === '' ? [] : [Number(port)], lookup }).fetch(address, question)
    },
  }
}

async function withCertificate(findings: Finding[], { host, now }: Look, find: Lookup): Promise<Finding[]> {
  const trusted = findings.find(({ id, state }) => id === 'certificate' && state === 'ok')
  const life = trusted && (await readCertificateLife(new URL(host), find))
  if (life === undefined) return findings
  const { from, end } = life
  const evidence = `It is trusted until ${new Date(end).toISOString().slice(0, 10)}.`
  const judged: Finding =
    // Some live for six days only, and are renewed when a third is left.
    end - now() < Math.min(TWO_WEEKS, (end - from) / 3)
      ? { id: 'certificate', state: 'warn', code: 'certificate_expires_soon', evidence }
      : { id: 'certificate', state: 'ok', code: null, evidence }
  return findings.map((finding) => (finding === trusted ? judged : finding))
}

async function readCertificateLife({ hostname, port }: URL, find: Lookup): Promise<{ from: number; end: number } | undefined> {
  const [first] = await find(hostname)
  if (!first) return undefined
  return new Promise((resolve) => {
    const socket = connect({ host: first.address, port: Number(port || 443), servername: hostname, timeout: PATIENCE_MS }, () => {
      const { valid_from, valid_to } = socket.getPeerCertificate()
      const [from, end] = [Date.parse(valid_from), Date.parse(valid_to)]
      socket.destroy()
      resolve(Number.isNaN(from + end) ? undefined : { from, end })
    })
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(void socket.destroy()))
  })
}
