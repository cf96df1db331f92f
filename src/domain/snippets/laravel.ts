import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function laravelSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Laravel',
    isRun: true,
    files: [
      {
        path: 'app/Support/UserJwt.php',
        language: 'php',
        says: SIGNS,
        code: `<?php

namespace App\\Support;

final class UserJwt
{
    public static function sign(string $secret, string $userId, ?string $email = null, ?string $name = null): string
    {
        $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => '${words.kid}'];
        $claims = ['user_id' => $userId, 'email' => $email, 'name' => $name, 'iat' => time(), 'exp' => time() + 3600];
        $parts = array_map(fn (array $part) => self::encode(json_encode($part, JSON_THROW_ON_ERROR)), [$header, $claims]);
        $input = implode('.', $parts);

        return $input . '.' . self::encode(hash_hmac('sha256', $input, $secret, true));
    }

    private static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
`,
      },
      {
        path: 'routes/web.php',
        language: 'php',
        says: `${ANSWERS} In config/services.php: 'messenger' => ['secret' => env('MESSENGER_SECRET')]`,
        code: `<?php

use App\\Support\\UserJwt;
use Illuminate\\Http\\Request;
use Illuminate\\Support\\Facades\\Route;

Route::get('/intercom/jwt', function (Request $request) {
    $user = $request->user();
    if (! $user) {
        return response()->json(new stdClass, 401);
    }
    $token = UserJwt::sign(config('services.messenger.secret'), (string) $user->id, $user->email, $user->name);

    return response()
        ->json(['userId' => (string) $user->id, 'intercomJwt' => $token])
        ->header('Cache-Control', 'private, no-store');
});
`,
      },
      { path: 'resources/views/messenger.blade.php', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}
