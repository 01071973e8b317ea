package teams_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// canned returns a client whose requests are answered without a network.
func canned(serve func(outside.Request) (outside.Response, error)) *outside.Client {
	return outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) { return serve(r) }})
}

func jsonOf(v any) outside.Response {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return outside.Response{Status: http.StatusOK, Body: raw}
}

// connector answers for Microsoft: tokens are numbered, and messages get what is
// left of the script, then success.
type connector struct {
	tokens int
	script []int
	sent   []outside.Request
}

func (c *connector) serve(r outside.Request) (outside.Response, error) {
	if strings.HasSuffix(r.URL, "/oauth2/v2.0/token") {
		c.tokens++
		return jsonOf(map[string]any{"access_token": fmt.Sprintf("service-token-%d", c.tokens), "expires_in": 3600}), nil
	}
	c.sent = append(c.sent, r)
	if len(c.script) > 0 {
		status := c.script[0]
		c.script = c.script[1:]
		return outside.Response{Status: status}, nil
	}
	return jsonOf(map[string]string{"id": "7"}), nil
}

func hello(address string) messengers.Sending {
	return messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: address, Key: "1-1", Language: "en"}
}

func TestTheTokenIsKeptAndRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &connector{}
		m := open(t, c.serve)
		steps := []struct {
			name   string
			wait   time.Duration
			script []int
			tokens int
			fault  messengers.Fault
		}{
			{"the first message gets one", 0, nil, 1, ""},
			{"others take it", 54 * time.Minute, nil, 1, ""},
			{"until five minutes before its end", time.Minute, nil, 2, ""},
			{"one that is not taken is renewed once", 0, []int{401}, 3, ""},
			{"and no more", 0, []int{401, 401}, 4, messengers.TokenInvalid},
		}
		for _, s := range steps {
			time.Sleep(s.wait)
			c.script = s.script
			_, err := m.Send(t.Context(), hello("a:personal"))
			var fault messengers.Fault
			var failed *messengers.SendError
			if errors.As(err, &failed) {
				fault = failed.Fault
			}
			if fault != s.fault || c.tokens != s.tokens {
				t.Errorf("%s: %v after %d tokens, want %q after %d", s.name, err, c.tokens, s.fault, s.tokens)
			}
		}
	})
}

func TestTheTokenGoesToKnownHostsOnly(t *testing.T) {
	tests := map[string]struct {
		service string
		allowed []any
		goes    bool
	}{
		"Microsoft's own":                   {"https://smba.trafficmanager.net/emea", nil, true},
		"one below it":                      {"https://europe.directline.botframework.com", nil, true},
		"one that ends alike":               {"https://evilbotframework.com", nil, false},
		"one that begins alike":             {"https://smba.trafficmanager.net.evil.example.org", nil, false},
		"one within another's name":         {"https://smba.trafficmanager.net@evil.example.org/", nil, false},
		"Microsoft's own, not encrypted":    {"http://smba.trafficmanager.net/emea", nil, false},
		"Microsoft's own at another port":   {"https://smba.trafficmanager.net:8443/emea", nil, false},
		"a stranger":                        {"https://connector.example.org", nil, false},
		"one that the operator allows":      {"https://connector.example.org:8443", []any{"connector.example.org"}, true},
		"another port than the allowed one": {"https://connector.example.org:8443", []any{"connector.example.org:443"}, false},
		"one of this machine":               {"http://127.0.0.1:3978", []any{"http://127.0.0.1:3978/"}, true},
		"one of this machine, not allowed":  {"http://127.0.0.1:3978", nil, false},
		"one allowed, not encrypted":        {"http://connector.example.org", []any{"connector.example.org"}, false},
		"no address":                        {"//", nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := &connector{}
			m := openWith(t, map[string]any{"allow_service_hosts": tt.allowed}, c.serve)
			_, err := m.Send(t.Context(), hello("a:personal/"+tt.service))
			if (err == nil) != tt.goes || len(c.sent) > 0 != tt.goes || c.tokens > 0 != tt.goes {
				t.Errorf("got %v after %d requests and %d tokens", err, len(c.sent), c.tokens)
			}
		})
	}
}

func TestAnAnswerGoesWhereItWasAsked(t *testing.T) {
	c := &connector{}
	m := open(t, c.serve)
	s := hello("19:channel@thread.tacv2/https://smba.trafficmanager.net/emea")
	s.Thread, s.Quote = "17", "1763629200125"
	id, err := m.Send(t.Context(), s)
	if err != nil || id != "19:channel@thread.tacv2/7" {
		t.Fatalf("got %q, %v", id, err)
	}
	want := "https://smba.trafficmanager.net/emea/v3/conversations/19%3Achannel%40thread.tacv2%3Bmessageid%3D17/activities/1763629200125"
	if c.sent[0].URL != want || c.sent[0].Header["Authorization"] != "Bearer service-token-1" {
		t.Errorf("sent to %s", c.sent[0].URL)
	}
	if err := m.(messengers.Typist).Type(t.Context(), s); err != nil || !strings.Contains(string(c.sent[1].Body), `"type":"typing"`) || strings.HasSuffix(c.sent[1].URL, "125") {
		t.Errorf("typing is shown by %s %s, %v", c.sent[1].URL, c.sent[1].Body, err)
	}
}

func TestWithoutItsCardAMessageIsText(t *testing.T) {
	c := &connector{script: []int{400}}
	m := open(t, c.serve)
	s := hello("a:personal")
	s.Buttons = []pull.Button{{Label: "MORE_x", Send: "c:more"}, {Label: "Site", URL: "https://example.org/a_(b)"}}
	s.Media = []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"}}
	if _, err := m.Send(t.Context(), s); err != nil || len(c.sent) != 2 {
		t.Fatalf("%v after %d requests", err, len(c.sent))
	}
	var sent struct {
		Text        string
		Attachments []any
	}
	if err := json.Unmarshal(c.sent[1].Body, &sent); err != nil {
		t.Fatal(err)
	}
	want := "Hello\n\nA cake https://example.org/a.jpg\n\n• MORE\\_x\n\nSite: https://example.org/a%5F%28b%29"
	if sent.Text != want || len(sent.Attachments) > 0 {
		t.Errorf("got %q, want %q", sent.Text, want)
	}
}

func TestAPressThatIsToldAgainIsTheFirstOne(t *testing.T) {
	m := suite(t).Open(t, "http://127.0.0.1:9", nil)
	press := func(id, person, sends string, after time.Duration) string {
		d := activity(id, person, personal, `"text":"More","value":{"k":"`+sends+`"},"replyToId":"5"`)
		d.At = d.At.Add(after)
		r, err := m.Receive(t.Context(), d)
		if err != nil || len(r.Asks) != 1 {
			t.Fatalf("got %+v, %v", r, err)
		}
		return r.Asks[0].ID
	}
	first := press("1", "ann", "c:more", 0)
	for name, tt := range map[string]struct {
		id   string
		same bool
	}{
		"told again after five seconds": {press("2", "ann", "c:more", 5*time.Second), true},
		"pressed again after a minute":  {press("3", "ann", "c:more", time.Minute), false},
		"another button":                {press("4", "ann", "c:menu", time.Second), false},
		"another person's press of it":  {press("5", "bob", "c:more", time.Second), false},
	} {
		if (tt.id == first) != tt.same {
			t.Errorf("%s: %q, and the first was %q", name, tt.id, first)
		}
	}
}

func TestARefusalSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		field  string
		kind   pull.ErrorKind
	}{
		"a wrong secret":       {401, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`, "app_secret", pull.Denied},
		"an expired secret":    {401, `{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}`, "app_secret", pull.Denied},
		"an unknown app":       {400, `{"error":"unauthorized_client","error_description":"AADSTS700016: Application not found in the directory."}`, "app_id", pull.Denied},
		"an unknown tenant":    {400, `{"error":"invalid_request","error_description":"AADSTS90002: Tenant not found."}`, "tenant", pull.Denied},
		"something else":       {400, `{"error":"invalid_scope"}`, "app_secret", pull.Denied},
		"a fault of Microsoft": {503, ``, "", pull.Unavailable},
		"somebody else":        {200, `<html>`, "api_base", pull.Unusable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := open(t, func(outside.Request) (outside.Response, error) {
				return outside.Response{Status: tt.status, Body: []byte(tt.body)}, nil
			})
			var e *pull.Error
			if err := m.(messengers.Trier).Try(t.Context()); !errors.As(err, &e) || e.Kind != tt.kind || e.Field != tt.field {
				t.Errorf("got %v, want %s of %q", err, tt.kind, tt.field)
			}
			want := messengers.TokenInvalid
			if tt.kind == pull.Unavailable {
				want = messengers.Temporary
			}
			var failed *messengers.SendError
			if _, err := m.Send(t.Context(), hello("a:personal")); !errors.As(err, &failed) || failed.Fault != want {
				t.Errorf("a message meets %v, want %s", err, want)
			}
		})
	}
}
