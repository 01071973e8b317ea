//go:build ignore

// A hook for keypull: go run hook.go, with KEYPULL_SECRET (whsec_…) and LISTEN in the environment.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

var stock = map[string]string{"boots": "12 pairs", "tent": "sold out until Friday"}

func signed(h http.Header, body []byte) bool {
	var seconds int64
	err := json.Unmarshal([]byte(h.Get("Webhook-Timestamp")), &seconds)
	key, bad := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("KEYPULL_SECRET"), "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("Webhook-Id") + "." + h.Get("Webhook-Timestamp") + "." + string(body)))
	same := hmac.Equal([]byte(h.Get("Webhook-Signature")), []byte("v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))))
	return same && err == nil && bad == nil && time.Since(time.Unix(seconds, 0)).Abs() <= 5*time.Minute
}
func main() {
	panic(http.ListenAndServe(os.Getenv("LISTEN"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
		if ask := (struct{ Argument string }{}); err != nil || !signed(r.Header, body) || json.Unmarshal(body, &ask) != nil {
			w.WriteHeader(http.StatusUnauthorized)
		} else if left := stock[strings.ToLower(ask.Argument)]; left == "" {
			_, _ = io.WriteString(w, `{"items": []}`)
		} else {
			_ = json.NewEncoder(w).Encode(map[string]any{"items": []any{map[string]any{"title": ask.Argument, "body": left}}, "next": []string{"hours"}})
		}
	})))
}
