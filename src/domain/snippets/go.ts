import { ANSWERS, BOOTS, pageOf, SIGNS, type Snippet, type SnippetWords } from './snippet.ts'

export function goSnippet(words: SnippetWords): Snippet {
  return {
    name: 'Go',
    isRun: true,
    files: [
      {
        path: 'user_jwt.go',
        language: 'go',
        says: SIGNS,
        code: signingCode(words),
      },
      {
        path: 'intercom_jwt.go',
        language: 'go',
        says: `${ANSWERS} Its route: http.HandleFunc("/intercom/jwt", intercomJWT)`,
        code: ENDPOINT,
      },
      { path: 'page.html', language: 'html', says: BOOTS, code: pageOf(words) },
    ],
  }
}

function signingCode({ kid }: SnippetWords): string {
  return `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"time"
)

func signUserJWT(userID, email, name string) (string, error) {
	now := time.Now().Unix()
	header, err := encode(map[string]any{"alg": "HS256", "typ": "JWT", "kid": "${kid}"})
	if err != nil {
		return "", err
	}
	claims, err := encode(map[string]any{"user_id": userID, "email": email, "name": name, "iat": now, "exp": now + 3600})
	if err != nil {
		return "", err
	}
	input := header + "." + claims
	mac := hmac.New(sha256.New, []byte(os.Getenv("MESSENGER_SECRET")))
	mac.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

func encode(value any) (string, error) {
	text, err := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(text), err
}
`
}

const ENDPOINT = `package main

import (
	"encoding/json"
	"net/http"
)

func intercomJWT(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Type", "application/json")
	user, ok := currentUser(r) // your own login
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte("{}"))
		return
	}
	token, err := signUserJWT(user.ID, user.Email, user.Name)
	if err != nil {
		http.Error(w, "{}", http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(map[string]string{"userId": user.ID, "intercomJwt": token})
}
`
