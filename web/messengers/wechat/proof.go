package wechat

import (
	"crypto/sha1" //nolint:gosec // the platform's own
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	return same(p.signature, signature(a.token, p.stamp, p.nonce)) && p.stamp != "" && p.nonce != ""
}

// fresh says that a delivery is of these minutes.
func (p proof) fresh(at time.Time) bool {
	seconds, err := strconv.ParseInt(p.stamp, 10, 64)
	return err == nil && at.Sub(time.Unix(seconds, 0)).Abs() <= believed
}

func same(shown, want string) bool {
	return subtle.ConstantTimeCompare([]byte(shown), []byte(want)) == 1
}

// maxNonces bounds how many are remembered: 80 a second, for as long as one is
// believed.
const maxNonces = 50_000

// nonces are those that came lately, each with the body that it came with:
// WeChat repeats a delivery that was not answered, and nobody else another one.
type nonces struct {
	mu    sync.Mutex
	of    map[string][sha256.Size]byte
	order []string
}

// first says that a nonce came with no other body.
func (n *nonces) first(nonce string, body []byte) bool {
	sum := sha256.Sum256(body)
	n.mu.Lock()
	defer n.mu.Unlock()
	if former, known := n.of[nonce]; known {
		return former == sum
	}
	if n.of == nil {
		n.of = map[string][sha256.Size]byte{}
	}
	if len(n.order) == maxNonces {
		delete(n.of, n.order[0])
		n.order = n.order[1:]
	}
	n.of[nonce] = sum
	n.order = append(n.order, nonce)
	return true
}
