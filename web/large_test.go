package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"keypull/web"
)

// Whoever sends too much is told how much is taken, however it is sent, and the connection does not
// break before.
func TestABodyThatIsTooLargeIsAnsweredByItsLimit(t *testing.T) {
	address := serve(t, web.Options{})
	for name, c := range map[string]struct {
		path string
		size int
		head map[string]string
		want string
	}{
		"a hook":                  {"/hook/p/c", 2 << 20, nil, "at most 1 MB"},
		"a byte too much":         {"/hook/p/c", 1<<20 + 1, nil, "at most 1 MB"},
		"a form":                  {"/console/x", 30 << 20, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "at most 6 MB"},
		"a form with files":       {"/console/x", 30 << 20, map[string]string{"Content-Type": "multipart/form-data; boundary=b"}, "at most 6 MB"},
		"who asks before":         {"/console/x", 12 << 20, map[string]string{"Expect": "100-continue"}, "at most 6 MB"},
		"who does not say before": {"/hook/p/c", -(3 << 20), nil, "at most 1 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			body := io.Reader(strings.NewReader(strings.Repeat("x", max(c.size, -c.size))))
			if c.size < 0 {
				body = struct{ io.Reader }{body} // of no known length
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+c.path, body)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range c.head {
				r.Header.Set(name, value)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			said, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(said), c.want) {
				t.Errorf("%d %s, %v", res.StatusCode, said, err)
			}
		})
	}
}
