package httpjson_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

const message = `{"id":"m1","from":"+254711000111","text":"WEATHER"}`

func TestSignaturesMadeElsewhereAreTaken(t *testing.T) {
	for name, tt := range map[string]struct {
		set    map[string]any
		body   string
		header map[string]string
		at     time.Time
	}{
		"Standard Webhooks": {map[string]any{"secret": secret}, message, map[string]string{
			"Webhook-Id": "msg_1", "Webhook-Timestamp": "1767225600", "Webhook-Signature": "v1,NNWuiqhCBqFZdKLgfDCTUrjXnw5sV1lKgXkN5qphSy0=",
		}, time.Unix(1767225600, 0)},
		"Standard Webhooks by the former secret": {map[string]any{"secret": "whsec_bmV3LXNlY3JldC0wMTIzNDU2Nzg5", "former_secret": secret}, message, map[string]string{
			"Webhook-Id": "msg_1", "Webhook-Timestamp": "1767225600", "Webhook-Signature": "v1,NNWuiqhCBqFZdKLgfDCTUrjXnw5sV1lKgXkN5qphSy0=",
		}, time.Unix(1767225600, 0)},
		"sinch": {map[string]any{"secret": "foo", "profile": "sinch", "reply_url": "https://example.org"}, `{"app_id":"A","message":{}}`, map[string]string{
			"X-Sinch-Webhook-Signature": "6wiSE1TkW89XlXlJx52162BpBRbyyB6wXwjyBUtVRRI=", "X-Sinch-Webhook-Signature-Nonce": "01FJA8B4A7BM43YGWSG9GBV067",
			"X-Sinch-Webhook-Signature-Timestamp": "1634579353",
		}, time.Unix(1634579353, 0)},
		"an HMAC of the body": {map[string]any{"secret": "k-0123456789", "signature": "hmac", "hmac": map[string]any{"header": "X-Signature", "prefix": "sha256=", "encoding": "hex", "of": "{body}"}}, message,
			map[string]string{"X-Signature": "sha256=" + hexMAC("k-0123456789", message)}, messengertest.Now()},
		"an HMAC of address and moment": {map[string]any{"secret": "k-0123456789", "signature": "hmac", "hmac": map[string]any{
			"header": "X-Sign", "timestamp": "X-Time", "encoding": "base64", "hash": "sha512", "of": "{url}|{timestamp}.{body}"}}, message,
			map[string]string{"X-Time": stampNow(), "X-Sign": mac512("k-0123456789", "https://example.org/hook/lecker/test|"+stampNow()+"."+message)}, messengertest.Now()},
		"a token": {map[string]any{"secret": "token-0123456789", "signature": "bearer"}, message, map[string]string{"Authorization": "Bearer token-0123456789"}, messengertest.Now()},
		"a password": {map[string]any{"secret": "ada:pass-0123456789", "signature": "basic"}, message,
			map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:pass-0123456789"))}, messengertest.Now()},
	} {
		t.Run(name, func(t *testing.T) {
			m := native().Open(t, "https://example.org", tt.set)
			try := func(what string, change func(*messengers.Delivery), status int) {
				d := post(tt.body)
				d.At = tt.at
				for h, v := range tt.header {
					d.Header[h] = []string{v}
				}
				change(&d)
				if r, err := m.Receive(t.Context(), d); err != nil || r.Status != status && (status != 0 || r.Status != 400) {
					t.Errorf("%s: %d, %v, want %d", what, r.Status, err, status)
				}
			}
			try("as it is", func(*messengers.Delivery) {}, 0)
			_, token := tt.header["Authorization"]
			for h, v := range tt.header {
				try("without "+h, func(d *messengers.Delivery) { delete(d.Header, h) }, 401)
				try("with another "+h, func(d *messengers.Delivery) { d.Header[h] = []string{v[:len(v)-3] + "x" + v[len(v)-2:]} }, 401)
				try("with two of "+h, func(d *messengers.Delivery) { d.Header[h] = []string{v, v} }, 401)
			}
			if !token {
				try("with one bit flipped", func(d *messengers.Delivery) { d.Body[9] ^= 1 }, 401)
			}
			_, signed := tt.header["X-Signature"]
			if !token && !signed {
				try("five minutes late", func(d *messengers.Delivery) { d.At = d.At.Add(5*time.Minute + 2*time.Second) }, 401)
				try("five minutes early", func(d *messengers.Delivery) { d.At = d.At.Add(-5*time.Minute - 2*time.Second) }, 401)
			}
		})
	}
}

func stampNow() string { return strconv.FormatInt(messengertest.Now().Unix(), 10) }

func hexMAC(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func mac512(key, text string) string {
	mac := hmac.New(sha512.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestADeliveryThatComesAgainIsTheSameMessage(t *testing.T) {
	m := native().Open(t, "https://example.org", nil)
	id := func(webhook, body string) string {
		d := signed(post(body))
		if webhook != "" {
			stamp := stampNow()
			mac := hmac.New(sha256.New, keyOfTest())
			mac.Write([]byte(webhook + "." + stamp + "." + body))
			d.Header["Webhook-Id"], d.Header["Webhook-Signature"] = []string{webhook}, []string{"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
		}
		r, err := m.Receive(t.Context(), d)
		if err != nil || len(r.Asks) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		return r.Asks[0].ID
	}
	named := func(name string) string { return strings.Replace(message, `"m1"`, `"`+name+`"`, 1) }
	nameless := strings.Replace(message, `"id":"m1",`, "", 1)
	for _, tt := range []struct{ name, delivery, body, want string }{
		{"a message", "w1", message, "m1"},
		{"delivered again", "w1", message, "m1"},
		{"by another delivery", "w2", message, "m1"},
		{"another one, whose sender repeats the id of its delivery", "w1", named("m2"), "m2"},
		{"one without an id", "w4", nameless, "w4"},
		{"delivered again", "w4", nameless, "w4"},
		{"another one without an id", "w5", nameless, "w5"},
	} {
		if got := id(tt.delivery, tt.body); got != tt.want {
			t.Errorf("%s, %s in %s, is %q, want %q", tt.name, tt.body, tt.delivery, got, tt.want)
		}
	}
}

func TestAMessageThatLacksWhatIsNeededIsRefused(t *testing.T) {
	m := native().Open(t, "https://example.org", nil)
	for body, want := range map[string]string{
		`{"id":"a1","from":"x","text":"news"}`:                                     "",
		`{"id":"a1","from":"x","payload":"k:news"}`:                                "",
		`{"id":"a1","from":"x","location":{"lat":48.1,"lon":11.5}}`:                "",
		`{"id":"a1","from":"x","media":[{"type":"image"}]}`:                        "",
		`{"id":"a1","from":"x","kind":"start"}`:                                    "",
		`{"id":"a1","from":"x","kind":"stop"}`:                                     "",
		`{"id":"a1","from":"x","kind":"end"}`:                                      "",
		`{"id":"a1","from":"x","status":"delivered"}`:                              "",
		`{"id":"a1","from":"x"}`:                                                   "text, payload, location or media",
		`{"id":"a1","from":"x","text":" "}`:                                        "text, payload, location or media",
		`{"id":"a1","from":"x","kind":"location","location":{"lat":148,"lon":11}}`: "text, payload, location or media",
		`{"id":"a1","text":"news"}`:                                                "who wrote it",
		`["news"]`:                                                                 "one JSON object",
	} {
		r, err := m.Receive(t.Context(), signed(post(body)))
		if err != nil || (r.Status == http.StatusBadRequest) != (want != "") || !strings.Contains(string(r.Body), want) {
			t.Errorf("%s: %d %s, %v", body, r.Status, r.Body, err)
		}
	}
}

func keyOfTest() []byte {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	return key
}

func TestAnAnswerThatIsLateFollowsAtTheReplyAddress(t *testing.T) {
	late := []messengers.Sending{{Message: messengers.Message{Text: "Working on it."}, Why: messengers.Interim, Language: "en"}}
	r := native().Open(t, "https://example.org", nil).(messengers.InBand).Answer(messengers.Receipt{Asks: []messengers.Incoming{{ID: "m1"}}}, late)
	if r.Status != http.StatusAccepted || len(r.Body) > 0 {
		t.Errorf("got %d, %s", r.Status, r.Body)
	}
	r = native().Open(t, "", nil).(messengers.InBand).Answer(messengers.Receipt{Asks: []messengers.Incoming{{ID: "m1"}}}, late)
	if r.Status != 0 || !strings.Contains(string(r.Body), "ask again in a moment") {
		t.Errorf("without one: %d, %s", r.Status, r.Body)
	}
}

func TestNothingIsOrderedWhereNothingCanBeSentLater(t *testing.T) {
	for base, want := range map[string]bool{"": true, "https://example.org": false} {
		r, err := native().Open(t, base, nil).Receive(t.Context(), signed(post(`{"id":"m1","from":"a@b","text":"news at 9:00"}`)))
		if err != nil || len(r.Asks) != 1 || r.Asks[0].Fleeting != want {
			t.Errorf("with the reply address %q: %+v, %v", base, r.Asks, err)
		}
	}
}

func TestATooLargeBodyIsNotRead(t *testing.T) {
	d := signed(post(`{"id":"m1","from":"a@b","text":"` + strings.Repeat("x", 64<<10) + `"}`))
	if r, err := native().Open(t, "", nil).Receive(t.Context(), d); err != nil || r.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, %v", r.Status, err)
	}
}

// FuzzReceive: whatever comes, signed or not, breaks nothing.
func FuzzReceive(f *testing.F) {
	for _, body := range []string{message, `{"from":1e999,"id":[],"text":{}}`, strings.Repeat(`{"a":[`, 5000), `{"from":"\ud800","text":"\u0000"}`, "[]", "null", "\xff\xfe",
		`{"id":"1","from":"a","media":[{"type":7,"url":[]},null,3]}`, `{"id":"1","from":"a","location":{"lat":"NaN","lon":1e400}}`, "sessionId=s&phoneNumber=%2B254711000111&text=1*2*0*00**", "sessionId=s&phoneNumber=a&text="} {
		f.Add(body, true)
	}
	open := func(profile, secret string) messengers.Messenger {
		return native().Open(f, "", map[string]any{"profile": profile, "secret": secret})
	}
	m, at := open("native", secret), open("ussd-at", pathSecret)
	f.Fuzz(func(t *testing.T, body string, genuine bool) {
		d := post(body)
		if genuine {
			d = signed(d)
		}
		steps := post(body)
		if genuine {
			steps.Path = pathSecret
		}
		for m, d := range map[messengers.Messenger]messengers.Delivery{m: d, at: steps} {
			r, err := m.Receive(t.Context(), d)
			if err != nil || r.Status >= 500 || !genuine && r.Status != 401 && r.Status != 413 {
				t.Fatalf("%d, %v", r.Status, err)
			}
			for _, in := range r.Asks {
				if in.ID == "" || in.Reader == "" || in.Address == "" {
					t.Fatalf("an ask of nobody: %+v", in)
				}
			}
			if of, ok := m.(messengers.InBand); ok && len(r.Asks) > 0 {
				of.Answer(r, []messengers.Sending{{Message: messengers.Message{Text: body}, Language: "en"}})
			}
		}
	})
}
