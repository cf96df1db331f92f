import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function springSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Spring Boot',
    isRun: true,
    files: [
      {
        path: 'src/main/java/com/example/UserJwt.java',
        language: 'java',
        says: SIGNS,
        code: signingCode(words),
      },
      {
        path: 'src/main/java/com/example/IntercomController.java',
        language: 'java',
        says: `${ANSWERS} Permit /intercom/jwt in your security rules, so that it answers 401 and not with a login page.`,
        code: ENDPOINT,
      },
      { path: 'src/main/resources/templates/messenger.html', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}

function signingCode({ kid }: SnippetWords): string {
  return `package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class UserJwt {
  private UserJwt() {}

  public static String sign(String userId, String email, String name) throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String header = "{\\"alg\\":\\"HS256\\",\\"typ\\":\\"JWT\\",\\"kid\\":\\"${kid}\\"}";
    String claims =
        String.format(
            "{\\"user_id\\":%s,\\"email\\":%s,\\"name\\":%s,\\"iat\\":%d,\\"exp\\":%d}",
            quote(userId), quote(email), quote(name), now, now + 3600);
    String input = encode(header.getBytes(UTF_8)) + "." + encode(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(System.getenv("MESSENGER_SECRET").getBytes(UTF_8), "HmacSHA256"));
    return input + "." + encode(mac.doFinal(input.getBytes(UTF_8)));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A JSON string (RFC 8259, section 7), or null. */
  private static String quote(String text) {
    if (text == null) return "null";
    StringBuilder json = new StringBuilder("\\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\\\') json.append('\\\\').append(c);
      else if (c < ' ') json.append(String.format("\\\\u%04x", (int) c));
      else json.append(c);
    }
    return json.append('"').toString();
  }
}
`
}

const ENDPOINT = `package com.example;

import java.security.GeneralSecurityException;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class IntercomController {
  @GetMapping("/intercom/jwt")
  ResponseEntity<Map<String, String>> jwt(@AuthenticationPrincipal AppUser user) throws GeneralSecurityException {
    CacheControl cache = CacheControl.noStore().cachePrivate();
    if (user == null) return ResponseEntity.status(401).cacheControl(cache).body(Map.of());
    String token = UserJwt.sign(user.getId(), user.getEmail(), user.getName());
    return ResponseEntity.ok().cacheControl(cache).body(Map.of("userId", user.getId(), "intercomJwt", token));
  }
}
`
