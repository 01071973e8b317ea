package outside

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// WebhookSignature returns the header webhook-signature of a body by a key, as Standard
// Webhooks has it. stamp is in seconds since 1970.
func WebhookSignature(key []byte, id, stamp string, body []byte) string {
	sum := hmac.New(sha256.New, key)
	_, _ = sum.Write([]byte(id + "." + stamp + "."))
	_, _ = sum.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))
}
