/** What a snippet is written for. `kid` names a live messenger secret; the secret itself never is in a snippet. */
export interface SnippetWords {
  app_id: string
  /** Origin of the support host, such as `https://help.acme.com`. */
  help_url: string
  kid: string
}

export interface SnippetFile {
  path: string
  language: 'javascript' | 'jsx' | 'html' | 'ruby' | 'erb' | 'python' | 'php' | 'go' | 'java' | 'csharp' | 'elixir' | 'text'
  /** What it is for, as a sentence. */
  says: string
  code: string
}

export interface Snippet {
  name: string
  /** Tests run its signing file as it is shown, and its token opens a session. */
  isRun: boolean
  /** The first file signs, the second answers `/intercom/jwt`, the rest boots the Messenger. */
  files: SnippetFile[]
}

export const SIGNS = 'Signs one user’s token on your server, valid for an hour. It starts the session, which lives on by itself.'
export const ANSWERS = 'Answers the page with the token of whoever is logged in to your app, and with 401 for everybody else.'
export const BOOTS = 'On every page: asks for the token and boots the Messenger. Signed out, it boots for a visitor.'

/** The page, for every stack whose templates are HTML. */
export function pageOf({ app_id, help_url }: SnippetWords): string {
  return `<script src="${help_url}/messenger.js" defer></script>
<script type="module">
  const answer = await fetch('/intercom/jwt', { headers: { accept: 'application/json' } })
  const { userId, intercomJwt } = answer.ok ? await answer.json() : {}
  Intercom('boot', { app_id: '${app_id}', user_id: userId, intercom_user_jwt: intercomJwt })
  // When your user logs out: Intercom('shutdown')
</script>
`
}
