package outside

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// webhookFor is how far the moment of a signature may be from ours.
const webhookFor = 5 * time.Minute

// WebhookKey returns the key of a secret: what begins with whsec_ is the base64 of it, any other
// the key as it stands.
func WebhookKey(secret string) []byte {
	if coded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(coded); err == nil {
			return key
		}
	}
	return []byte(secret)
}

// WebhookProven reports whether a request of a moment carries a signature of its body by a
// secret, made within the last five minutes, as Standard Webhooks has it: id, stamp and shown are
// the headers webhook-id, webhook-timestamp and webhook-signature. An empty secret proves nothing.
func WebhookProven(secret, id, stamp, shown string, body []byte, at time.Time) (proven bool) {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if secret == "" || id == "" || err != nil || at.Sub(time.Unix(seconds, 0)).Abs() > webhookFor {
		return false
	}
	want := WebhookSignature(WebhookKey(secret), id, stamp, body)
	for one := range strings.FieldsSeq(shown) {
		proven = hmac.Equal([]byte(one), []byte(want)) || proven
	}
	return proven
}

// WebhookSignature returns the header webhook-signature of a body by a key, as Standard
// Webhooks has it. stamp is in seconds since 1970.
func WebhookSignature(key []byte, id, stamp string, body []byte) string {
	sum := hmac.New(sha256.New, key)
	_, _ = sum.Write([]byte(id + "." + stamp + "."))
	_, _ = sum.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))
}
