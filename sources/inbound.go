package sources

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // WebSub has hubs that sign by nothing else
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"hash"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
)

// Inbound are the settings of a source that a publisher's systems push to: a
// Settings struct embeds it with `settings:"inline"`.
type Inbound struct {
	PushSecret settings.Secret `name:"push_secret" label:"Push secret" help:"Lets your own systems tell of changes and withdrawals at /in/<publisher>/<source>, signed as Standard Webhooks has it. Not set: nobody may." check:"max=200" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" more:"true"`
	HubSecret  settings.Secret `name:"hub_secret" label:"Hub secret" help:"What a WebSub hub signs its notices with, as it was told when it was subscribed to. Not set: no hub may." check:"max=200" example:"a-long-random-word" more:"true"`
}

// Receive returns what pull.Receiver asks for, for a source of one key that a hub
// calls topic: a notice of a hub, or a signed push, has it fetched anew; a push
// of {"withdraw": ["id or link", …]} takes items back.
func (in Inbound) Receive(p pull.Push, topic, key string) pull.Pushed {
	switch {
	case p.Method == http.MethodGet && in.HubSecret.Reveal() != "":
		return confirm(p, topic)
	case p.Method != http.MethodPost:
		return pull.Pushed{Status: http.StatusMethodNotAllowed}
	case SingleValue(p.Header, "X-Hub-Signature") != "":
		return in.notice(p, key)
	}
	id := in.Signed(p)
	if id == "" {
		return pull.Pushed{Status: http.StatusUnauthorized}
	}
	var told struct {
		Withdraw []string `json:"withdraw"`
	}
	if err := json.Unmarshal(p.Body, &told); err != nil {
		return pull.Pushed{Status: http.StatusBadRequest}
	}
	if len(told.Withdraw) == 0 {
		return pull.Pushed{ID: id, Refresh: []string{key}}
	}
	return pull.Pushed{ID: id, Withdrawn: told.Withdraw}
}

// Signed returns the id of a push that carries a signature of push_secret, made
// within the last five minutes; "" of any other.
func (in Inbound) Signed(p pull.Push) string {
	id := SingleValue(p.Header, "Webhook-Id")
	if !outside.WebhookProven(in.PushSecret.Reveal(), id, SingleValue(p.Header, "Webhook-Timestamp"), SingleValue(p.Header, "Webhook-Signature"), p.Body, p.At) {
		return ""
	}
	return id
}

// Sign returns the header Webhook-Signature of a body, as Standard Webhooks has it.
// A secret that begins with whsec_ is the base64 of the key; any other is the
// key as it stands. stamp is in seconds since 1970.
func Sign(secret settings.Secret, id, stamp string, body []byte) string {
	return outside.WebhookSignature(outside.WebhookKey(secret.Reveal()), id, stamp, body)
}

// notice takes what a hub tells. What has the same body says nothing new.
func (in Inbound) notice(p pull.Push, key string) pull.Pushed {
	if in.HubSecret.Reveal() == "" || !SignedByHub(in.HubSecret.Reveal(), p) {
		return pull.Pushed{Status: http.StatusUnauthorized}
	}
	return pull.Pushed{Refresh: []string{key}}
}

// SignedByHub checks the signature of a hub's notice by a secret (WebSub §7.1).
func SignedByHub(secret string, p pull.Push) bool {
	method, hexed, _ := strings.Cut(SingleValue(p.Header, "X-Hub-Signature"), "=")
	var by func() hash.Hash
	switch strings.ToLower(method) {
	case "sha1":
		by = sha1.New
	case "sha256":
		by = sha256.New
	case "sha384":
		by = sha512.New384
	case "sha512":
		by = sha512.New
	default:
		return false
	}
	signature, err := hex.DecodeString(hexed)
	sum := hmac.New(by, []byte(secret))
	_, _ = sum.Write(p.Body)
	return err == nil && hmac.Equal(signature, sum.Sum(nil))
}

// confirm answers a hub that asks whether it was subscribed to: for the topic
// of this source alone.
func confirm(p pull.Push, topic string) pull.Pushed {
	challenge := SingleValue(p.Query, "hub.challenge")
	mode := SingleValue(p.Query, "hub.mode")
	if mode != "subscribe" || challenge == "" || SingleValue(p.Query, "hub.topic") != topic {
		return pull.Pushed{Status: http.StatusNotFound}
	}
	return Challenged(challenge)
}

// Challenged is the answer to a hub that was asked for what it asks about.
func Challenged(challenge string) pull.Pushed {
	return pull.Pushed{ContentType: "text/plain; charset=utf-8", Answer: []byte(challenge)}
}

// SingleValue returns the value of a name that has one alone.
func SingleValue(values map[string][]string, name string) string {
	if all := values[name]; len(all) == 1 {
		return all[0]
	}
	return ""
}
