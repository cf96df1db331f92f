import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function phoenixSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Phoenix',
    isRun: false,
    files: [
      {
        path: 'lib/my_app/user_jwt.ex',
        language: 'elixir',
        says: SIGNS,
        code: `defmodule MyApp.UserJwt do
  def sign(user_id, email, name) do
    now = System.system_time(:second)
    header = %{alg: "HS256", typ: "JWT", kid: "${words.kid}"}
    claims = %{user_id: to_string(user_id), email: email, name: name, iat: now, exp: now + 3600}
    input = encode(Jason.encode!(header)) <> "." <> encode(Jason.encode!(claims))
    input <> "." <> encode(:crypto.mac(:hmac, :sha256, System.fetch_env!("MESSENGER_SECRET"), input))
  end

  defp encode(bytes), do: Base.url_encode64(bytes, padding: false)
end
`,
      },
      {
        path: 'lib/my_app_web/controllers/intercom_controller.ex',
        language: 'elixir',
        says: `${ANSWERS} Its route: get "/intercom/jwt", IntercomController, :jwt`,
        code: `defmodule MyAppWeb.IntercomController do
  use MyAppWeb, :controller

  def jwt(conn, _params) do
    conn = put_resp_header(conn, "cache-control", "private, no-store")

    case conn.assigns[:current_user] do
      nil ->
        conn |> put_status(401) |> json(%{})

      user ->
        json(conn, %{userId: to_string(user.id), intercomJwt: MyApp.UserJwt.sign(user.id, user.email, user.name)})
    end
  end
end
`,
      },
      { path: 'lib/my_app_web/components/layouts/messenger.html.heex', language: 'html', says: BOOTS, code: heexPage(words) },
    ],
  }
}

/** In HEEx a brace opens an expression. */
function heexPage(words: SnippetWords): string {
  return pageOf(words).replace('<script type="module">', '<script type="module" phx-no-curly-interpolation>')
}
