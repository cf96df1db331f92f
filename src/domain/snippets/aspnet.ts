import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function aspnetSnippet(words: SnippetWords): Snippet {
  return {
    name: 'ASP.NET Core',
    isRun: false,
    files: [
      {
        path: 'UserJwt.cs',
        language: 'csharp',
        says: SIGNS,
        code: `using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

public static class UserJwt
{
    public static string Sign(string secret, string userId, string? email, string? name)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new { alg = "HS256", typ = "JWT", kid = "${words.kid}" };
        var claims = new { user_id = userId, email, name, iat = now, exp = now + 3600 };
        var input = Encode(JsonSerializer.SerializeToUtf8Bytes(header)) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
        return input + "." + Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(input)));
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
`,
      },
      {
        path: 'Program.cs',
        language: 'csharp',
        says: ANSWERS,
        code: `app.MapGet("/intercom/jwt", (HttpContext context, IConfiguration settings) =>
{
    context.Response.Headers.CacheControl = "private, no-store";
    var user = context.User;
    var userId = user.FindFirstValue(ClaimTypes.NameIdentifier); // using System.Security.Claims
    if (userId is null) return Results.Json(new { }, statusCode: 401);
    var token = UserJwt.Sign(settings["MESSENGER_SECRET"]!, userId, user.FindFirstValue(ClaimTypes.Email), user.Identity?.Name);
    return Results.Json(new { userId, intercomJwt = token });
});
`,
      },
      { path: 'Pages/Shared/_Messenger.cshtml', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}
