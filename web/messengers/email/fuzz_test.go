package email_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"keypull/web/messengers/messengertest"
)

func FuzzNoLetterBreaksReceiveDown(f *testing.F) {
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
	f.Add([]byte(report("41-1", "ann@example.org", "failed", "5.1.1")))
	m := suite().Open(f, "http://127.0.0.1:9", map[string]any{"hourly": 1000})
	f.Fuzz(func(t *testing.T, letter []byte) {
		r, err := m.Receive(t.Context(), pushed(string(letter)))
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
