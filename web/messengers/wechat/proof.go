package wechat

import (
	"crypto/sha1" //nolint:gosec // the platform's own
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/web/messengers"
)

// believed is for how long after its moment, and before, a delivery is believed.
const believed = 10 * time.Minute

// signature is that of some texts: their sorted letters, hashed.
func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's own
	return hex.EncodeToString(sum[:])
}

// proof is what the query of a delivery shows.
type proof struct {
	stamp, nonce, signature, message string
}

func proofOf(d messengers.Delivery) proof {
	q := url.Values(d.Query)
	return proof{q.Get("timestamp"), q.Get("nonce"), q.Get("signature"), q.Get("msg_signature")}
}

// signs says that the query is WeChat's. Nothing of the body stands in it: in
// plain mode it is the nonce, which comes once, that binds the two.
func (a *account) signs(p proof) bool {
	return messengers.Same(p.signature, signature(a.token, p.stamp, p.nonce)) && p.stamp != "" && p.nonce != ""
}

// fresh says that a delivery is of these minutes.
func (p proof) fresh(at time.Time) bool {
	seconds, err := strconv.ParseInt(p.stamp, 10, 64)
	return err == nil && at.Sub(time.Unix(seconds, 0)).Abs() <= believed
}

// maxNonces bounds how many are remembered: 80 a second, for as long as one is
// believed.
const maxNonces = 50_000

// first says that a nonce came with no other body: WeChat repeats a delivery that was
// not answered, and nobody else another one.
func (a *account) first(nonce string, body []byte) bool {
	sum := sha256.Sum256(body)
	return a.nonces.First(nonce, sum) == sum
}
