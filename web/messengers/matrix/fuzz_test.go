package matrix_test

import (
	"net/http"
	"path/filepath"
	"testing"

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
	m := suite().Open(f, "http://127.0.0.1:9", nil)
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
