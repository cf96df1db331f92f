import { signingModule } from './node.ts'
import { ANSWERS, BOOTS, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function nextSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Next.js',
    isRun: true,
    files: [
      { path: 'lib/user-jwt.js', language: 'javascript', says: SIGNS, code: signingModule(words) },
      {
        path: 'app/intercom/jwt/route.js',
        language: 'javascript',
        says: ANSWERS,
        code: `import { currentUser } from '../../../lib/current-user.js' // your own login
import { signUserJwt } from '../../../lib/user-jwt.js'

export const dynamic = 'force-dynamic'
const headers = { 'Cache-Control': 'private, no-store' }

export async function GET() {
  const user = await currentUser()
  if (!user) return Response.json({}, { status: 401, headers })
  const userId = String(user.id)
  const intercomJwt = signUserJwt({ user_id: userId, email: user.email, name: user.name })
  return Response.json({ userId, intercomJwt }, { headers })
}
`,
      },
      {
        path: 'app/messenger.jsx',
        language: 'jsx',
        says: `${BOOTS} Put <Messenger /> into app/layout.jsx.`,
        code: `'use client'
import Script from 'next/script'

async function boot() {
  const answer = await fetch('/intercom/jwt')
  const { userId, intercomJwt } = answer.ok ? await answer.json() : {}
  window.Intercom('boot', { app_id: '${words.app_id}', user_id: userId, intercom_user_jwt: intercomJwt })
  // When your user logs out: window.Intercom('shutdown')
}

export function Messenger() {
  return <Script src="${words.help_url}/messenger.js" onReady={boot} />
}
`,
      },
    ],
  }
}
