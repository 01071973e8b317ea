package instagram_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/instagram"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

func TestATokenIsExchangedBeforeItExpires(t *testing.T) {
	var seen []string
	refuses := false
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/refresh_access_token" {
			seen = append(seen, "exchange "+r.URL.Query().Get("access_token"))
			if refuses {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			_, _ = io.WriteString(w, `{"access_token":"second","token_type":"bearer","expires_in":5183944}`)
			return
		}
		seen = append(seen, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		_, _ = io.WriteString(w, `{"message_id":"m"}`)
	}))
	t.Cleanup(api.Close)
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	now := messengertest.Now()
	env := messengers.Env{Client: client, Clock: func() time.Time { return now }}
	env.Place = env.PlaceFor()
	open := func(token string) messengers.Messenger {
		s := instagram.Kind.New()
		values := map[string]any{"account_id": "1", "access_token": token, "app_secret": metatest.Secret, "verify_token": metatest.Verify, "api_base": api.URL}
		if err := settings.Fill(s, values); err != nil {
			t.Fatal(err)
		}
		m, err := s.Open(env)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	sent := func(m messengers.Messenger, after time.Duration, want ...string) {
		t.Helper()
		now, seen = now.Add(after), nil
		if _, err := m.Send(t.Context(), messengers.Sending{Address: "2", Message: messengers.Message{Text: "A"}}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(seen, want) {
			t.Errorf("the platform sees %q, want %q", seen, want)
		}
	}
	const day = 24 * time.Hour
	m := open("first")
	sent(m, 0, "first")
	sent(m, 6*day, "first")
	refuses = true
	sent(m, 2*day, "exchange first", "first")
	sent(m, time.Minute, "first")
	refuses = false
	sent(m, time.Hour, "exchange first", "second")
	sent(open("first"), day, "second")
	sent(open("third"), day, "third")
}
