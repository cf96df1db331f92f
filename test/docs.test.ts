import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { suite, test } from 'node:test'
import { faults } from '#domain/diagnosis/faults.ts'
import { lineOf } from '#domain/diagnosis/findings.ts'
import { docsOf } from '#domain/diagnosis/lines.ts'
import { apiErrors, errors, publicCode, teammateErrors, type ErrorCode } from '#errors'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const NOT_OURS = /^(?:node_modules|dist|data|examples\/articles)\/|(?:^|\/)\.git\//
const files = globSync(['*', '{.ci,bin,db,docs,examples,shared,src,test,web,bench,sdk}/**/*', '.*rc.json', '.gitignore'], { cwd: root })
  .filter((file) => !NOT_OURS.test(file) && statSync(join(root, file)).isFile())
  .toSorted()
const pages = files.filter((file) => file.endsWith('.md'))

/** Codes that only the REST API answers; its clients know them from the API they were written for. */
const OF_THE_API = new Set<string>(Object.keys(apiErrors))
/** Codes that only teammates see, each beside what they were doing. */
const OF_TEAMMATES = new Set<string>(Object.keys(teammateErrors))
const loginCodes = (Object.keys(errors) as ErrorCode[]).filter((code) => !OF_THE_API.has(code) && !OF_TEAMMATES.has(code))

/** Where a way of docs/login.md is provoked that the front door alone cannot show. */
const CONSOLE = 'test/e2e/the-console-names-the-cause.test.ts'
const PROXIES = 'test/e2e/behind-a-broken-proxy.test.ts'
const STATUS = 'src/http/login/status.test.ts'
const OUTSIDE = 'src/domain/diagnosis/look-from-outside.test.ts'
const DOORS = 'test/wrong-doors.test.ts'
const BOOTS = 'test/wrong-boots.test.ts'
const WAYS = ['test/ways-a-login-fails.test.ts', 'test/wrong-tokens.test.ts', BOOTS, DOORS]
const provokedElsewhere: Record<string, [file: string, title: string]> = {
  'the token under another name': [BOOTS, 'a token under another name is kept nowhere'],
  'a user_id that is the text “undefined”, “0” or a placeholder': [BOOTS, "'undefined', '0', '{{user.id}}'"],
  'a user_id with white space at an end': [BOOTS, "'ada '"],
  'a link that a mail scanner opened first': ['src/http/login/login-link.test.ts', 'scanners and previews may open it'],
  'the Login URL sends people back signed out': ['src/http/login/login-url.test.ts', 'a Login URL that sends people back signed out'],
  'the app on another registrable domain, its cookie blocked': [CONSOLE, 'because the app is on another site'],
  'siblings under vercel.app': ['src/domain/diagnosis/same-site.test.ts', 'https://b.vercel.app'],
  'a proxy that drops Cookie': [PROXIES, 'drops Cookie'],
  'a proxy that drops Set-Cookie': [PROXIES, 'drops Set-Cookie'],
  'a CDN or proxy that caches pages': [PROXIES, 'caches pages'],
  'a proxy that replaces Host': [PROXIES, 'replaces Host'],
  'a policy that blocks the frame': [CONSOLE, 'one that blocks the frame'],
  'an ad blocker that blocks what the script asks': [CONSOLE, 'an ad blocker that lets the script pass'],
  'an ad blocker that blocks the script': [CONSOLE, 'an ad blocker that blocks the script'],
  'an empty token, where the page booted too early': [CONSOLE, 'an empty token'],
  'a user_id of “undefined”, on the console and the checklist': [CONSOLE, 'a user_id of “undefined”'],
  'a session_duration of some milliseconds': [CONSOLE, 'a session_duration of five milliseconds'],
  'a proxy that adds the port to Host, or a name with a dot behind it': [STATUS, "'a port that a proxy added', 'help.acme.test:443'"],
  'the support host by its IP address': [STATUS, "'numbers', '10.0.0.5:443'"],
  'the app on localhost, listed as 127.0.0.1': [BOOTS, 'the machine by another name'],
  'a return_to encoded twice, without its slash, with two, with a space, too long': [DOORS, "'encoded twice', '%2Ftickets'"],
  'a return_to on another host of the workspace': [DOORS, "'on another host of the workspace'"],
  'a proxy of door 8 that is not trusted, or names no site': [DOORS, "'that is not trusted', '198.51.100.1'"],
  'the login URL drops state, or returns another one': [DOORS, "'another state came back'"],
  'a proxy that renames our cookies': [OUTSIDE, 'a proxy that renames our cookies'],
  'a proxy that keeps one Set-Cookie of several': [OUTSIDE, 'a proxy that keeps one Set-Cookie of several'],
  'a proxy that drops Access-Control-Allow-Credentials': [OUTSIDE, 'a proxy that drops Access-Control-Allow-Credentials'],
  'a proxy that lets its own pages alone frame it': [OUTSIDE, 'a proxy that lets its own pages alone frame it'],
  'a proxy that follows redirects': [OUTSIDE, 'a proxy that follows redirects'],
  'a Login URL at the support host itself': [OUTSIDE, 'a Login URL at the support host itself'],
  'a password of the proxy, or a challenge, before the support host': [OUTSIDE, 'a password of the proxy, or a challenge'],
  'two loaders on one page': [CONSOLE, 'two loaders on one page'],
}

suite('docs/login.md', () => {
  const sections = new Map(
    read('docs/login.md')
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
  )

  test('has the codes of the catalogue and no others', () => {
    const headings = [...sections.keys()].filter((heading) => heading in errors || /^[a-z]+(?:_[a-z]+)+$/.test(heading))
    assert.deepEqual(headings.toSorted(), loginCodes.toSorted())
  })

  test('has every fault that the checklist and the doctor can name, with its sentence and its cure', () => {
    const page = read('docs/login.md')
    for (const [code, { sentence, cure }] of Object.entries(faults))
      assert.ok(page.includes(`| \`${code}\` | ${sentence} | ${cure} |`), code)
  })

  test('lists ways a login fails, each provoked by a test', () => {
    const [, section = ''] = read('docs/login.md').split('## The ways a login fails\n')
    const rows = Array.from((section.split('\n## ', 1)[0] ?? '').matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)).slice(2)
    assert.ok(rows.length >= 40)
    for (const [, way = '', code = ''] of rows) {
      const [file, title] = provokedElsewhere[way] ?? [undefined, `'${way}'`]
      assert.ok(
        (file === undefined ? WAYS : [file]).some((one) => read(one).includes(title)),
        `a test provokes: ${way}`,
      )
      const name = /[a-z_]{3,}/.exec(code)?.[0]
      if (name !== undefined) assert.ok(name in errors || name in faults || read('web/loader/diagnosis.ts').includes(`'${name}'`), name)
    }
  })

  test('has a heading for every line of the checklist', () => {
    const anchors = anchorsOf(read('docs/login.md'))
    for (const id of new Set(Object.values(lineOf))) assert.ok(anchors.has(docsOf(id).replace('login.md#', '')), id)
  })

  for (const code of loginCodes)
    test(`explains ${code} with its status, its sentence, a cause and a cure`, () => {
      const { status, sentence } = errors[code]
      const [, first = ''] = (sections.get(code) ?? '').split('\n')
      const hidden = publicCode(code) === code ? '' : `public code \`${publicCode(code)}\` · `
      assert.equal(first, `**${status}** · ${hidden}${sentence}`)
      assert.match(sections.get(code) ?? '', /^Cause: \S/m)
      assert.match(sections.get(code) ?? '', /^Cure: \S/m)
    })
})

test('docs/login.md shows the proxies’ files as the end-to-end tests run them', () => {
  for (const file of ['nginx.conf', 'Caddyfile'])
    assert.ok(read('docs/login.md').includes(`\n${read(`examples/proxies/${file}`)}\`\`\``), file)
})

suite('every page of documentation', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const commands = new Set(
    globSync('bin/commands/*.ts', { cwd: root }).flatMap((file) =>
      Array.from(read(file).matchAll(/\bname: \[([^\]]+)\]/g), ([, words = '']) => words.replaceAll(/[',]/g, '')),
    ),
  )
  for (const name of ['serve', 'migrate', 'help']) commands.add(name)

  for (const page of pages) {
    test(`${page} names only commands that exist`, () => {
      const run = Array.from(
        read(page).matchAll(/\bnpm run (?:-\w+ )*([\w:-]+)|\bnpm (test|start)\b/g),
        ([, named, short]) => named ?? short ?? '',
      )
      assert.deepEqual(
        run.filter((name) => !(name in scripts)),
        [],
      )
      const called = Array.from(
        read(page).matchAll(/(?:\bnpx latchkey|`latchkey|^latchkey) ([a-z-]+)(?: ([a-z]+))?/gm),
        ([, first = '', second = '']) => [first, `${first} ${second}`.trim()],
      )
      assert.deepEqual(
        called.filter(
          ([first = '', both = '']) =>
            !commands.has(first) && !commands.has(both) && ![...commands].some((name) => first === both && name.startsWith(`${first} `)),
        ),
        [],
      )
      const paths = Array.from(read(page).matchAll(/\bnode (bin\/[\w./-]+)/g), ([, path = '']) => path)
      assert.deepEqual(
        paths.filter((path) => !existsSync(join(root, path))),
        [],
      )
    })

    test(`${page} has links that lead somewhere`, () => {
      const targets = Array.from(withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target).filter(
        (target) => !/^[a-z]+:/.test(target),
      )
      assert.deepEqual(
        targets.filter((target) => !leadsSomewhere(page, target)),
        [],
      )
    })
  }

  test('is reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      const targets = Array.from(withoutCode(read(page)).matchAll(/\]\(([^)#\s]+)/g), ([, target = '']) =>
        relative(root, join(root, dirname(page), target)),
      )
      for (const found of pages.filter((found) => targets.some((target) => found === target || found.startsWith(`${target}/`))))
        reached.add(found)
    }
    assert.deepEqual(
      pages.filter((page) => !reached.has(page)),
      [],
    )
  })

  test('shows the settings that config.ts reads, and no others', () => {
    const settings = Array.from(read('src/config.ts').matchAll(/^ {2}([A-Z_]+): z/gm), ([, name = '']) => name)
    const shown = Array.from(read('docs/self-hosting.md').matchAll(/^\| `([A-Z_]+)` \|/gm), ([, name = '']) => name)
    assert.deepEqual(shown.toSorted(), settings.toSorted())
  })
})

test('no file speaks of the machine it was written on, or of work that is left', () => {
  const machine = /(?<![\w.])\/(?:work|farm|Users)\/|\/home\/(?!latchkey)\w/
  const left = /TO[D]O|FIX[M]E|XX[X]/
  const text = files.filter((file) => !/\.(?:png|ico|woff2|svg)$/.test(file) && file !== 'package-lock.json')
  assert.ok(text.length > 100)
  assert.deepEqual(
    text.filter((file) => machine.test(read(file))),
    [],
  )
  // The house rules forbid the word, and so have to say it.
  assert.deepEqual(
    text.filter((file) => file !== 'STYLE.md' && left.test(read(file))),
    [],
  )
})

test('the lock file names no registry but the public one', () => {
  const hosts = new Set(Array.from(read('package-lock.json').matchAll(/"resolved": "[a-z+]*:\/\/([^/"]+)/g), ([, host]) => host))
  hosts.delete('registry.npmjs.org')
  assert.deepEqual([...hosts], [])
})

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#', 2)
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || anchorsOf(read(file)).has(anchor)
}

/** As GitHub makes them. */
function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>()
  return new Set(
    Array.from(withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) => {
      const anchor = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-')
      const count = seen.get(anchor) ?? 0
      seen.set(anchor, count + 1)
      return count === 0 ? anchor : `${anchor}-${count}`
    }),
  )
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[^]*?^\1/gm, '')
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replaceAll(/`[^`\n]*`/g, '')
}
