package outside_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"keypull/pull/outside"
)

// echo returns a server of websockets that says everything twice.
func echo(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token-0123456789" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		for {
			kind, message, err := conn.Read(r.Context())
			if err != nil || conn.Write(r.Context(), kind, append(message, message...)) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "http", "ws", 1)
}

func reachable(t *testing.T, networks ...netip.Prefix) *outside.Client {
	t.Helper()
	c := outside.New(outside.Options{AllowPrivate: networks})
	t.Cleanup(c.Close)
	return c
}

func TestAWebsocketBringsMessagesBothWaysWithinItsLimit(t *testing.T) {
	c := reachable(t, netip.MustParsePrefix("127.0.0.1/32"))
	s, err := c.Socket(t.Context(), outside.Request{URL: echo(t), MaxBytes: 8, Header: map[string]string{"Authorization": "Bearer token-0123456789"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Write(t.Context(), []byte("abc")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Read(t.Context()); err != nil || string(got) != "abcabc" {
		t.Fatalf("%q, %v", got, err)
	}
	if err := s.Write(t.Context(), []byte("abcde")); err != nil {
		t.Fatal(err)
	}
	var failed *outside.Error
	if got, err := s.Read(t.Context()); !errors.As(err, &failed) || failed.Reason != outside.TooLarge {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAWebsocketIsOpenedOnlyWhereEveryRequestMayGo(t *testing.T) {
	for name, tt := range map[string]struct {
		client *outside.Client
		token  string
		reason outside.Reason
	}{
		"a private network":     {reachable(t), "token-0123456789", outside.Refused},
		"a server that refuses": {reachable(t, netip.MustParsePrefix("127.0.0.1/32")), "other-0123456789", outside.Garbled},
	} {
		_, err := tt.client.Socket(t.Context(), outside.Request{URL: echo(t), Redact: tt.token, Header: map[string]string{"Authorization": "Bearer " + tt.token}})
		var failed *outside.Error
		if !errors.As(err, &failed) || failed.Reason != tt.reason || failed.Sent || strings.Contains(err.Error(), tt.token) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
