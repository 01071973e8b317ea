package messengertest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// outgoingCase returns the gateway's, whose token lies in the body, as outgoing
// webhooks have it; trusts says whether it is believed.
func outgoingCase(trusts func(token string) bool) messengertest.Case {
	c := gatewayCase()
	carrying := func(d messengers.Delivery, token string) messengers.Delivery {
		d.Header = map[string][]string{"Content-Type": {"application/json"}}
		d.Body = append([]byte(`{"token":"`+token+`",`), d.Body[1:]...)
		return d
	}
	for i, d := range c.Deliveries {
		c.Deliveries[i] = carrying(d, secret)
	}
	for thing, d := range c.Brings {
		c.Brings[thing] = carrying(d, secret)
	}
	c.Forge = func(d messengers.Delivery) messengers.Delivery {
		d.Body = bytes.Replace(d.Body, []byte(secret), []byte("guess"), 1)
		return d
	}
	return messengertest.Wrapped(c, func(_ messengers.Env, m messengers.Messenger) messengers.Messenger { return outgoing{m, trusts} })
}

// outgoing is the gateway behind a token in the body.
type outgoing struct {
	messengers.Messenger
	trusts func(token string) bool
}

// Receive believes a delivery whose token is trusted.
func (o outgoing) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	var shown struct{ Token string }
	_ = json.Unmarshal(d.Body, &shown) // what can't be read shows none
	if !o.trusts(shown.Token) {
		return messengers.Receipt{Status: http.StatusUnauthorized}, nil
	}
	d.Header = map[string][]string{"Authorization": {"Bearer " + secret}}
	return o.Messenger.Receive(ctx, d)
}

func TestAProofInTheBodyIsHeldToAsOneInAHeader(t *testing.T) {
	for name, c := range map[string]struct {
		trusts func(string) bool
		says   string
	}{
		"the very token":       {func(token string) bool { return token == secret }, ""},
		"any token":            {func(string) bool { return true }, "delivery 0, forged, brings"},
		"all but Forge's":      {func(token string) bool { return token != "guess" }, "delivery 0 with another [token] brings"},
		"its beginning":        {func(token string) bool { return token != "" && strings.HasPrefix(secret, token) }, "with half of its [token] brings"},
		"what begins with it":  {func(token string) bool { return strings.HasPrefix(token, secret) }, "with more than its [token] brings"},
		"in any case":          {func(token string) bool { return strings.EqualFold(token, secret) }, "with in other case its [token] brings"},
		"none is a good token": {func(token string) bool { return token == "" || token == secret }, "without [token] brings"},
		"one of its length":    {func(token string) bool { return len(token) == len(secret) }, "with another [token] brings"},
	} {
		t.Run(name, func(t *testing.T) { finds(t, outgoingCase(c.trusts), c.says) })
	}
}

func TestTheProofOfAPressIsHeldToAsThatOfAMessage(t *testing.T) {
	unchecked := func(mark string) func(messengers.Messenger, messengers.Delivery) (messengers.Receipt, error) {
		return func(h messengers.Messenger, d messengers.Delivery) (messengers.Receipt, error) {
			if bytes.Contains(d.Body, []byte(mark)) {
				return resigned(h, d)
			}
			return h.Receive(context.Background(), d)
		}
	}
	for says, mark := range map[string]string{
		"the press of a button 0, forged, brings":      "payload=",
		"in a group, by name, 0, forged, brings":       "app_mention",
		"correction 0, forged, brings":                 "message_changed",
		"what became of a message 0, forged, brings":   "reaction_added",
		"the press of another tool's button 0, forged": "btn-7f3a",
	} {
		finds(t, planted(func(messengers.Env) *liar { return &liar{receive: unchecked(mark)} }), says)
	}
}
