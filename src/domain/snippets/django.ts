import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function djangoSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Django',
    isRun: true,
    files: [
      {
        path: 'messenger/user_jwt.py',
        language: 'python',
        says: SIGNS,
        code: `import base64
import hashlib
import hmac
import json
import os
import time


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign_user_jwt(user_id, email=None, name=None) -> str:
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT", "kid": "${words.kid}"}
    claims = {"user_id": str(user_id), "email": email, "name": name, "iat": now, "exp": now + 3600}
    signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    secret = os.environ["MESSENGER_SECRET"].encode()
    return signed + "." + encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())
`,
      },
      {
        path: 'messenger/views.py',
        language: 'python',
        says: `${ANSWERS} Its route: path("intercom/jwt", intercom_jwt)`,
        code: `from django.http import JsonResponse

from .user_jwt import sign_user_jwt


def intercom_jwt(request):
    user = request.user
    if user.is_authenticated:
        token = sign_user_jwt(user.pk, user.email, user.get_full_name())
        response = JsonResponse({"userId": str(user.pk), "intercomJwt": token})
    else:
        response = JsonResponse({}, status=401)
    response["Cache-Control"] = "private, no-store"
    return response
`,
      },
      { path: 'templates/messenger.html', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}
