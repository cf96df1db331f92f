import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

/** No framework: two PHP files on any web space, and HTML. */
export function plainSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Plain HTML and PHP',
    isRun: true,
    files: [
      {
        path: 'user-jwt.php',
        language: 'php',
        says: `${SIGNS} Keep it outside the folder that your web server serves.`,
        code: `<?php

function encode(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function sign_user_jwt(string $user_id, ?string $email = null, ?string $name = null): string
{
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => '${words.kid}'];
    $claims = ['user_id' => $user_id, 'email' => $email, 'name' => $name, 'iat' => time(), 'exp' => time() + 3600];
    $input = encode(json_encode($header)) . '.' . encode(json_encode($claims, JSON_THROW_ON_ERROR));

    return $input . '.' . encode(hash_hmac('sha256', $input, getenv('MESSENGER_SECRET'), true));
}
`,
      },
      {
        path: 'public/intercom/jwt/index.php',
        language: 'php',
        says: ANSWERS,
        code: `<?php

require __DIR__ . '/../../../user-jwt.php';

session_start();
$user = $_SESSION['user'] ?? null; // whoever your own login put there
header('Cache-Control: private, no-store');
header('Content-Type: application/json');
if ($user === null) {
    http_response_code(401);
    exit('{}');
}
$token = sign_user_jwt((string) $user['id'], $user['email'], $user['name']);
echo json_encode(['userId' => (string) $user['id'], 'intercomJwt' => $token]);
`,
      },
      { path: 'public/page.html', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}
