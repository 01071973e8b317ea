package meta_test

import (
	"net/http"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/meta"
)

func TestADeliveryIsBelievedByItsVeryBytes(t *testing.T) {
	const raw, escaped = `{"text":"gâteau 🍰"}`, `{"text":"g\u00e2teau \ud83c\udf70"}`
	good := metatest.Sign(metatest.Secret, []byte(escaped))
	for name, tt := range map[string]struct {
		body   string
		header []string
		want   bool
	}{
		"as it was signed":           {escaped, []string{good}, true},
		"bare letters, signed bare":  {raw, []string{metatest.Sign(metatest.Secret, []byte(raw))}, true},
		"bare, signed escaped":       {raw, []string{good}, true},
		"escaped, signed bare":       {escaped, []string{metatest.Sign(metatest.Secret, []byte(raw))}, false},
		"another secret":             {escaped, []string{metatest.Sign(metatest.AppSecret, []byte(escaped))}, false},
		"no secret":                  {escaped, []string{metatest.Sign("", []byte(escaped))}, false},
		"a byte more":                {escaped + " ", []string{good}, false},
		"without the way it is made": {escaped, []string{strings.TrimPrefix(good, "sha256=")}, false},
		"two of them":                {escaped, []string{good, good}, false},
		"none":                       {escaped, nil, false},
		"bytes that are no text":     {"\xff" + raw, []string{good}, false},
	} {
		d := messengers.Delivery{Method: http.MethodPost, Body: []byte(tt.body), Header: map[string][]string{"X-Hub-Signature-256": tt.header}}
		if got := meta.Signed(metatest.Secret, d); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
		if meta.Signed("", d) {
			t.Errorf("%s: without a secret all is believed", name)
		}
	}
}

func TestAnAddressIsProvenByTheVerifyTokenAlone(t *testing.T) {
	proof := meta.Proof{Secret: metatest.Secret, Verify: metatest.Verify}
	for name, change := range map[string]func(map[string][]string){
		"another token": func(q map[string][]string) { q["hub.verify_token"] = []string{"guess"} },
		"no token":      func(q map[string][]string) { delete(q, "hub.verify_token") },
		"another mode":  func(q map[string][]string) { q["hub.mode"] = []string{"unsubscribe"} },
		"no challenge":  func(q map[string][]string) { delete(q, "hub.challenge") },
		"a whole page":  func(q map[string][]string) { q["hub.challenge"] = []string{strings.Repeat("x", 300)} },
		"":              func(map[string][]string) {},
	} {
		d := metatest.Handshake()
		change(d.Query)
		r, proven := proof.Judge(d)
		if name == "" && (r.Status != 0 || string(r.Body) != "1158201444") || name != "" && (r.Status != http.StatusForbidden || len(r.Body) > 0) || proven {
			t.Errorf("%q: %d %q, %t", name, r.Status, r.Body, proven)
		}
	}
	nobody := meta.Proof{Secret: settings.Secret("s")}
	if r, _ := nobody.Judge(messengers.Delivery{Method: http.MethodGet, Query: map[string][]string{"hub.mode": {"subscribe"}, "hub.verify_token": {""}, "hub.challenge": {"1"}}}); r.Status != http.StatusForbidden {
		t.Errorf("without a token of our own, %d", r.Status)
	}
}
