import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import type { BootAnswer } from '#shared/messenger.ts'
import { openHouse, type House } from '#test/house.ts'
import { STACKS, writeSnippet, type Stack } from './snippets.ts'

const USER = { user_id: '42', email: 'zoe@acme.test', name: 'Zoë "Zo" O’Neil \\ </script> 丽' }
const USER_AS_TEXT = JSON.stringify(USER.name)

interface Runtime {
  command: string
  debian: string
  /** What stands around the snippet's files: the app's own login, and a program that prints the token. */
  around: Record<string, string>
  run: string[][]
}

const answerOf = (json: string) => `process.stdout.write(JSON.parse(${json}).intercomJwt)`
const runtimes: Partial<Record<Stack, Runtime>> = {
  node: {
    command: process.execPath,
    debian: 'nodejs',
    around: {
      'package.json': '{"type":"module"}',
      'main.js': `import { intercomJwt } from './intercom-jwt.js'
let body
const response = { setHeader() {}, end(text) { body = text } }
intercomJwt({ user: undefined }, response)
if (response.statusCode !== 401) throw new Error('signed out, it answers 401')
intercomJwt({ user: { id: 42, email: '${USER.email}', name: ${USER_AS_TEXT} } }, response)
${answerOf('body')}`,
    },
    run: [[process.execPath, 'main.js']],
  },
  next: {
    command: process.execPath,
    debian: 'nodejs',
    around: {
      'package.json': '{"type":"module"}',
      'lib/current-user.js': `export const currentUser = async () => ({ id: 42, email: '${USER.email}', name: ${USER_AS_TEXT} })`,
      'main.js': `import { GET } from './app/intercom/jwt/route.js'\nconst body = await (await GET()).text()\n${answerOf('body')}`,
    },
    run: [[process.execPath, 'main.js']],
  },
  rails: {
    command: 'ruby',
    debian: 'ruby',
    around: {
      'main.rb': `require './app/lib/user_jwt'\nprint UserJwt.sign(user_id: 42, email: '${USER.email}', name: ${USER_AS_TEXT})`,
    },
    run: [
      ['ruby', 'main.rb'],
      ['ruby', '-c', 'app/controllers/intercom_controller.rb'],
    ],
  },
  django: {
    command: 'python3',
    debian: 'python3',
    around: {
      'main.py': `from messenger.user_jwt import sign_user_jwt\nprint(sign_user_jwt(42, "${USER.email}", ${USER_AS_TEXT}), end="")`,
    },
    run: [
      ['python3', 'main.py'],
      ['python3', '-m', 'py_compile', 'messenger/views.py'],
    ],
  },
  laravel: {
    command: 'php',
    debian: 'php-cli',
    around: {
      'main.php': `<?php require 'app/Support/UserJwt.php';
echo App\\Support\\UserJwt::sign(getenv('MESSENGER_SECRET'), '42', '${USER.email}', json_decode(<<<'J'\n${USER_AS_TEXT}\nJ));`,
    },
    run: [
      ['php', 'main.php'],
      ['php', '-l', 'routes/web.php'],
    ],
  },
  plain: {
    command: 'php',
    debian: 'php-cli',
    around: {
      'main.php': `<?php session_save_path(__DIR__); session_start();
$_SESSION['user'] = ['id' => 42, 'email' => '${USER.email}', 'name' => json_decode(<<<'J'\n${USER_AS_TEXT}\nJ)]; session_write_close();
ob_start(); require 'public/intercom/jwt/index.php'; $answer = json_decode(ob_get_clean()); echo $answer->intercomJwt;`,
    },
    run: [['php', 'main.php']],
  },
  go: {
    command: 'go',
    debian: 'golang-go',
    around: {
      'main.go': `package main
import ("fmt"; "net/http"; "net/http/httptest"; "encoding/json")
type user struct { ID, Email, Name string }
func currentUser(r *http.Request) (user, bool) { return user{"42", "${USER.email}", ${USER_AS_TEXT}}, true }
func main() {
	w := httptest.NewRecorder()
	intercomJWT(w, httptest.NewRequest("GET", "/intercom/jwt", nil))
	var answer map[string]string
	json.Unmarshal(w.Body.Bytes(), &answer)
	fmt.Print(answer["intercomJwt"])
}`,
    },
    run: [['go', 'run', 'main.go', 'user_jwt.go', 'intercom_jwt.go']],
  },
  spring: {
    command: 'javac',
    debian: 'default-jdk-headless',
    around: {
      'Main.java': `import static java.nio.charset.StandardCharsets.UTF_8;
public class Main { public static void main(String[] a) throws Exception {
  new java.io.PrintStream(System.out, true, UTF_8).print(com.example.UserJwt.sign("42", "${USER.email}", ${USER_AS_TEXT})); } }`,
    },
    run: [['java', '-cp', 'out', 'Main']],
  },
}
const BUILD: Partial<Record<Stack, string[]>> = {
  spring: ['javac', '-encoding', 'UTF-8', '-d', 'out', 'Main.java', 'src/main/java/com/example/UserJwt.java'],
}

let house: House
const folder = mkdtempSync(join(tmpdir(), 'latchkey-snippets-'))
before(async () => {
  house = await openHouse()
  // The snippets read the machine's clock.
  house.pass(Date.now() - house.now())
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await house.close()
})

const words = () => ({ app_id: house.acme.app_id, help_url: house.tenants.acme.help, kid: house.tenants.acme.kid })

function runSnippet(stack: Stack, { around, run }: Runtime): string {
  const place = join(folder, stack)
  const shown = Object.fromEntries(writeSnippet(stack, words()).files.map(({ path, code }) => [path, code]))
  for (const [path, text] of Object.entries({ ...shown, ...around })) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  const commands = [...(BUILD[stack] ? [BUILD[stack]] : []), ...run]
  const outputs = commands.map(([command = '', ...args]) => {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: place,
      env: { ...process.env, MESSENGER_SECRET: house.tenants.acme.secret, GO111MODULE: 'off' },
      encoding: 'utf8',
    })
    assert.equal(status, 0, `${command}: ${stderr}${error?.message ?? ''}`)
    return stdout
  })
  return outputs[BUILD[stack] ? 1 : 0] ?? ''
}

const isInstalled = (command: string) => !spawnSync(command, [command === 'go' ? 'version' : '--version']).error

for (const stack of STACKS) {
  const runtime = runtimes[stack]
  if (!runtime) continue
  const isMissing = process.env['CI'] !== 'true' && !isInstalled(runtime.command)
  const skip = isMissing && `${runtime.command} is not installed: apt-get install ${runtime.debian}`
  test(`the ${stack} snippet, run as it is shown, signs a token that opens a session`, { skip }, async () => {
    const token = runSnippet(stack, runtime)
    const [head = '', body = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    const claims = JSON.parse(body) as { exp: number; iat: number }
    assert.equal((JSON.parse(head) as { kid: string }).kid, house.tenants.acme.kid)
    assert.ok(claims.exp - claims.iat <= 7200)
    const boot = await house.browser().boot(token)
    assert.equal(boot.statusCode, 200, boot.body)
    const { user_id, email, name } = boot.json<BootAnswer>().contact
    assert.deepEqual({ user_id, email, name }, USER)
  })
}

test('a snippet says whether its signing file is run here, and none holds a secret', () => {
  for (const stack of STACKS) {
    const { isRun, files } = writeSnippet(stack, words())
    assert.equal(isRun, stack in runtimes, stack)
    assert.ok(files.length >= 3)
    const text = files.map(({ code }) => code).join('\n')
    assert.match(text, /MESSENGER_SECRET|services\.messenger\.secret/)
    assert.ok(!text.includes(house.tenants.acme.secret))
    assert.match(text, /https:\/\/help\.acme\.test\/messenger\.js/)
    assert.match(text, /no-store|noStore/i)
  }
})
