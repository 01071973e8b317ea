package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

// The headers of Slack's proof, in canonical form.
const (
	stampHeader = "X-Slack-Request-Timestamp"
	proofHeader = "X-Slack-Signature"
)

// window is for how long before or after its moment a signed delivery is
// believed.
const window = 5 * time.Minute

// trusts verifies a delivery over its raw bytes. Without a secret nobody is
// trusted.
func trusts(signing settings.Secret, d messengers.Delivery) bool {
	stamps, proofs := d.Header[stampHeader], d.Header[proofHeader]
	if signing.Reveal() == "" || len(stamps) != 1 || len(proofs) != 1 {
		return false
	}
	seconds, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil || d.At.Sub(time.Unix(seconds, 0)).Abs() > window {
		return false
	}
	mac := hmac.New(sha256.New, []byte(signing.Reveal()))
	mac.Write([]byte("v0:" + stamps[0] + ":"))
	mac.Write(d.Body)
	return hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), []byte(proofs[0]))
}
