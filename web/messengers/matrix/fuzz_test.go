package matrix_test

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/matrix"
	"keypull/web/messengers/messengertest"
)

func FuzzNoTransactionBreaksReceiveDown(f *testing.F) {
	names, err := filepath.Glob("testdata/*.http")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		d, err := messengertest.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.Body)
	}
	opener := matrix.Kind.New()
	if err := settings.Fill(opener, map[string]any{"homeserver": "http://127.0.0.1:9", "access_token": token, "hs_token": hsToken, "user_id": bot}); err != nil {
		f.Fatal(err)
	}
	// A homeserver that knows of nothing, without a network between.
	client := outside.New(outside.Options{Answer: func(context.Context, outside.Request) (outside.Response, error) {
		return outside.Response{Status: http.StatusNotFound, Body: []byte(`{"errcode":"M_NOT_FOUND"}`)}, nil
	}})
	m, err := opener.Open(messengers.Env{Client: client, Clock: messengertest.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d := pushed()
		d.Body = body
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("status %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Errorf("an ask of nobody: %+v", in)
			}
		}
	})
}
