import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function signingModule({ kid }: SnippetWords): string {
  return `import { createHmac } from 'node:crypto'

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

export function signUserJwt({ user_id, email, name }) {
  const now = Math.floor(Date.now() / 1000)
  const header = { alg: 'HS256', typ: 'JWT', kid: '${kid}' }
  const input = encode(header) + '.' + encode({ user_id, email, name, iat: now, exp: now + 3600 })
  return input + '.' + createHmac('sha256', process.env.MESSENGER_SECRET).update(input).digest('base64url')
}
`
}

export function nodeSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Node (Express)',
    isRun: true,
    files: [
      { path: 'user-jwt.js', language: 'javascript', says: SIGNS, code: signingModule(words) },
      {
        path: 'intercom-jwt.js',
        language: 'javascript',
        says: `${ANSWERS} Mount it with app.get('/intercom/jwt', intercomJwt).`,
        code: `import { signUserJwt } from './user-jwt.js'

export function intercomJwt(request, response) {
  const user = request.user // whoever your own login put there
  response.setHeader('Cache-Control', 'private, no-store')
  response.setHeader('Content-Type', 'application/json')
  if (!user) {
    response.statusCode = 401
    return response.end('{}')
  }
  const userId = String(user.id)
  const token = signUserJwt({ user_id: userId, email: user.email, name: user.name })
  response.end(JSON.stringify({ userId, intercomJwt: token }))
}
`,
      },
      { path: 'page.html', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}
