package messengertest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// Keeps is a platform that keeps a file for whoever proves that they are the account.
type Keeps struct {
	// Serve answers for the file; base is the platform's address.
	Serve func(base string, body []byte) http.Handler
	// Media is how a message tells of it; Gone of one that is not there any more.
	Media, Gone func(base string) what.Media
	// Elsewhere is one of another host, which must never get the secret; nil where messages can't
	// tell such.
	Elsewhere func(base string) what.Media
}

// Fetches holds a messenger to what messengers.Fetcher promises.
func (c Case) Fetches(t *testing.T, k Keeps) {
	t.Helper()
	body := bytes.Repeat([]byte("a wet paper "), 1000)
	serve := func(h func(base string) http.Handler) (base string) {
		var mux http.Handler
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mux.ServeHTTP(w, r) }))
		mux = h(s.URL)
		t.Cleanup(s.Close)
		return s.URL
	}
	base := serve(func(base string) http.Handler { return k.Serve(base, body) })
	f, ok := c.Open(t, base, nil).(messengers.Fetcher)
	if !ok {
		t.Fatal("it is no Fetcher")
	}
	if got, err := f.Fetch(t.Context(), k.Media(base), int64(len(body))); err != nil || !bytes.Equal(got, body) {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
	if got, err := f.Fetch(t.Context(), k.Media(base), int64(len(body))-1); pull.KindOf(err) != pull.Invalid {
		t.Errorf("of one that is too large %d bytes came, %v", len(got), err)
	}
	if got, err := f.Fetch(t.Context(), k.Gone(base), int64(len(body))); pull.KindOf(err) != pull.Unknown {
		t.Errorf("of one that is gone %d bytes came, %v", len(got), err)
	}
	broken := serve(func(string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	})
	if _, err := c.Open(t, broken, nil).(messengers.Fetcher).Fetch(t.Context(), k.Media(broken), 1<<20); err == nil || pull.KindOf(err) == pull.Unknown || pull.KindOf(err) == pull.Invalid || pull.KindOf(err) == pull.Denied {
		t.Errorf("a platform with troubles of its own means that a file is lost: %v", err)
	}
	if k.Elsewhere == nil {
		return
	}
	asked := false
	other := serve(func(string) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true })
	})
	if _, err := f.Fetch(t.Context(), k.Elsewhere(other), 1<<20); pull.KindOf(err) != pull.Unknown || asked {
		t.Errorf("another host is asked: %v", err)
	}
}
