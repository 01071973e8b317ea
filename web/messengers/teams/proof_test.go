package teams_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/teams"
)

// carries returns a delivery with a token of its own.
func carries(token string) messengers.Delivery {
	d := activity("1", "ann", personal, `"text":"news"`)
	d.Header["Authorization"] = []string{"Bearer " + token}
	return d
}

func changed(d messengers.Delivery, old, now string) messengers.Delivery {
	d.Body = []byte(strings.Replace(string(d.Body), old, now, 1))
	return d
}

func TestOnlyTheConnectorIsBelieved(t *testing.T) {
	keys := publish(t, published("k1", signingKey(), "msteams", "webchat"), published("web", signingKey(), "webchat"), published("any", signingKey()))
	signs := func(set map[string]any) messengers.Delivery {
		return carries(token(rs256("k1"), with(set), signingKey()))
	}
	tests := map[string]struct {
		delivery messengers.Delivery
		want     int
	}{
		"a right token":                     {signs(nil), 0},
		"one of a key for all channels":     {carries(token(rs256("any"), genuine(), signingKey())), 0},
		"one that ended just now":           {signs(map[string]any{"exp": later(-299 * time.Second)}), 0},
		"one that ended before":             {signs(map[string]any{"exp": later(-301 * time.Second)}), 401},
		"one that begins in a moment":       {signs(map[string]any{"nbf": later(299 * time.Second), "exp": later(time.Hour)}), 0},
		"one that begins later":             {signs(map[string]any{"nbf": later(310 * time.Second), "exp": later(time.Hour)}), 401},
		"one without an end":                {signs(map[string]any{"exp": nil}), 401},
		"one without a beginning":           {signs(map[string]any{"nbf": nil}), 0},
		"one that never ends":               {signs(map[string]any{"exp": 1e300}), 401},
		"one for another app":               {signs(map[string]any{"aud": "22222222-2222-3333-4444-555555555555"}), 401},
		"one of another issuer":             {signs(map[string]any{"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}), 401},
		"one without an issuer":             {signs(map[string]any{"iss": nil}), 401},
		"one for another service":           {signs(map[string]any{"serviceurl": "https://smba.trafficmanager.net/amer/"}), 401},
		"one for no service":                {signs(map[string]any{"serviceurl": nil}), 401},
		"a service without its slash":       {signs(map[string]any{"serviceurl": "https://SMBA.trafficmanager.net/emea"}), 0},
		"an unknown key":                    {carries(token(rs256("k9"), genuine(), signingKey())), 401},
		"another key under a known id":      {carries(token(rs256("k1"), genuine(), otherKey())), 401},
		"a key endorsed for another":        {carries(token(rs256("web"), genuine(), signingKey())), 401},
		"no algorithm":                      {carries(token(map[string]any{"alg": "none", "kid": "k1"}, genuine(), signingKey())), 401},
		"a secret's algorithm":              {carries(token(map[string]any{"alg": "HS256", "kid": "k1"}, genuine(), signingKey())), 401},
		"a longer algorithm":                {carries(token(map[string]any{"alg": "RS512", "kid": "k1"}, genuine(), signingKey())), 401},
		"a header that must be understood":  {carries(token(map[string]any{"alg": "RS256", "kid": "k1", "crit": []string{"x"}}, genuine(), signingKey())), 401},
		"no token":                          {carries(""), 401},
		"half a token":                      {carries(strings.Repeat("x", 40)), 401},
		"an endless token":                  {carries(strings.Repeat("x.", 1<<20)), 401},
		"another channel":                   {changed(signs(nil), `"channelId":"msteams"`, `"channelId":"webchat"`), 401},
		"no channel":                        {changed(signs(nil), `"channelId":"msteams",`, ""), 401},
		"another service in the activity":   {changed(signs(nil), service, "https://evil.example.org/"), 401},
		"a service that is not Microsoft's": {changed(signs(map[string]any{"serviceurl": "https://evil.example.org/"}), service, "https://evil.example.org/"), 403},
	}
	m := lone(t, map[string]any{"openid_url": keys.url})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := m.Receive(t.Context(), tt.delivery)
			if err != nil || r.Status != tt.want || len(r.Asks) > 0 != (tt.want == 0) {
				t.Errorf("got %d with %d asks, %v; want %d", r.Status, len(r.Asks), err, tt.want)
			}
		})
	}
}

func TestNoBitOfATokenMayBeAnother(t *testing.T) {
	m := lone(t, nil)
	whole := strings.TrimPrefix(good(), "Bearer ")
	parts := strings.Split(whole, ".")
	for part := range parts {
		raw, err := base64.RawURLEncoding.DecodeString(parts[part])
		if err != nil {
			t.Fatal(err)
		}
		for bit := 0; bit < len(raw)*8; bit += 13 {
			flipped := append([]byte(nil), raw...)
			flipped[bit/8] ^= 1 << (bit % 8)
			other := append([]string(nil), parts...)
			other[part] = base64.RawURLEncoding.EncodeToString(flipped)
			r, err := m.Receive(t.Context(), carries(strings.Join(other, ".")))
			if err != nil || r.Status != http.StatusUnauthorized || len(r.Asks) > 0 {
				t.Fatalf("with bit %d of part %d flipped: status %d, %d asks, %v", bit, part, r.Status, len(r.Asks), err)
			}
		}
	}
}

// open returns a bot by the clock of the test, whose keys are answered by serve.
func open(t *testing.T, serve func(outside.Request) (outside.Response, error)) messengers.Messenger {
	t.Helper()
	return openWith(t, nil, serve)
}

// openWith does so with further settings.
func openWith(t *testing.T, set map[string]any, serve func(outside.Request) (outside.Response, error)) messengers.Messenger {
	t.Helper()
	values := map[string]any{"app_id": appID, "app_secret": secret, "tenant": tenant}
	maps.Copy(values, set)
	opener := teams.Kind.New()
	if err := settings.Fill(opener, values); err != nil {
		t.Fatal(err)
	}
	m, err := opener.Open(messengers.Env{Clock: time.Now, Client: canned(serve)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestKeysAreKeptAndRolledOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads, down := 0, false
		keys := []map[string]any{published("k1", signingKey(), "msteams")}
		m := open(t, func(r outside.Request) (outside.Response, error) {
			if down {
				return outside.Response{Status: http.StatusBadGateway}, nil
			}
			if strings.HasSuffix(r.URL, "/keys") {
				reads++
				return jsonOf(map[string]any{"keys": keys}), nil
			}
			return jsonOf(map[string]any{"issuer": "https://api.botframework.com", "jwks_uri": "https://login.botframework.com/v1/.well-known/keys"}), nil
		})
		receive := func(kid string) int {
			now := time.Now()
			d := carries(token(rs256(kid), with(map[string]any{"nbf": now.Unix(), "exp": now.Unix() + 60}), signingKey()))
			d.At = now
			r, _ := m.Receive(t.Context(), d)
			return r.Status
		}
		steps := []struct {
			name         string
			before       func()
			kid          string
			status, read int
		}{
			{"nothing can be told before the first keys", func() { down = true }, "k1", 503, 0},
			{"keys are read with the first delivery", func() { down = false }, "k1", 0, 1},
			{"and kept", nil, "k1", 0, 1},
			{"a new key is asked for", func() { keys = append(keys, published("k2", signingKey(), "msteams")) }, "k2", 0, 2},
			{"who makes keys up has us ask no more", nil, "k3", 401, 2},
			{"until a minute has passed", func() { time.Sleep(time.Minute) }, "k3", 401, 3},
			{"after a day they are read anew", func() { time.Sleep(25 * time.Hour) }, "k1", 0, 4},
			{"and hold on while they can't be", func() { time.Sleep(25 * time.Hour); down = true }, "k2", 0, 4},
			{"unless they are unknown", func() { time.Sleep(time.Hour) }, "k9", 401, 4},
		}
		for _, s := range steps {
			if s.before != nil {
				s.before()
			}
			if got := receive(s.kid); got != s.status || reads != s.read {
				t.Errorf("%s: status %d after %d reads, want %d after %d", s.name, got, reads, s.status, s.read)
			}
		}
	})
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte(`{"type":"message"}`), "x.y.z")
	f.Add([]byte(`{"type":"message","channelId":"msteams","serviceUrl":"`+service+`","conversation":{"id":"a:1"},"from":{"id":"29:1"},"id":"1","text":"\ud800\u0000","value":{"k":{}},"entities":[{"type":"mention"}]}`), "")
	f.Add([]byte(strings.Repeat(`{"a":[`, 10_000)), "e30.e30.e30")
	m := lone(f, nil)
	f.Fuzz(func(t *testing.T, body []byte, made string) {
		d := messengers.Delivery{Method: http.MethodPost, Header: map[string][]string{"Authorization": {"Bearer " + made}}, Body: body, At: messengertest.Now()}
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status != http.StatusUnauthorized || len(r.Asks)+len(r.Events) > 0 {
			t.Fatalf("a forger gets %+v, %v", r, err)
		}
		if r, err := m.Receive(t.Context(), proven(d)); err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("proven, it gets %+v, %v", r, err)
		}
	})
}
