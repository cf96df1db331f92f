import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function railsSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Rails',
    isRun: true,
    files: [
      {
        path: 'app/lib/user_jwt.rb',
        language: 'ruby',
        says: SIGNS,
        code: `require 'json'
require 'openssl'

module UserJwt
  def self.sign(user_id:, email: nil, name: nil)
    now = Time.now.to_i
    header = { alg: 'HS256', typ: 'JWT', kid: '${words.kid}' }
    claims = { user_id: user_id.to_s, email: email, name: name, iat: now, exp: now + 3600 }
    input = [header, claims].map { |part| encode(JSON.generate(part)) }.join('.')
    "#{input}.#{encode(OpenSSL::HMAC.digest('SHA256', ENV.fetch('MESSENGER_SECRET'), input))}"
  end

  def self.encode(bytes)
    [bytes].pack('m0').tr('+/', '-_').delete('=')
  end
end
`,
      },
      {
        path: 'app/controllers/intercom_controller.rb',
        language: 'ruby',
        says: `${ANSWERS} Its route: get '/intercom/jwt', to: 'intercom#jwt'`,
        code: `class IntercomController < ApplicationController
  def jwt
    response.headers['Cache-Control'] = 'private, no-store'
    return render(json: {}, status: :unauthorized) unless current_user

    token = UserJwt.sign(user_id: current_user.id, email: current_user.email, name: current_user.name)
    render json: { userId: current_user.id.to_s, intercomJwt: token }
  end
end
`,
      },
      { path: 'app/views/layouts/_messenger.html.erb', language: 'erb', says: BOOTS, code: pageOf(words) },
    ],
  }
}
