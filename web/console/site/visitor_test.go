package site_test

import (
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keypull/pull/people"
)

// visitor is a browser without a script; csrf is the token of its session.
type visitor struct {
	*rig
	person people.Person
	secret string
	csrf   string
	// header is sent with every request, in place of what a browser sends.
	header http.Header
}

// stranger returns a browser in which nobody is signed in.
func (r *rig) stranger() *visitor { return &visitor{rig: r} }

// visit returns a new browser in which a person is signed in, past the password.
func (r *rig) visit(p people.Person) *visitor {
	r.t.Helper()
	s, secret := people.NewSession(rand.Reader, p.ID, r.clock(), "192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0")
	if _, err := r.gate.Sessions.Put(r.t.Context(), s, 0); err != nil {
		r.t.Fatal(err)
	}
	return &visitor{rig: r, person: p, secret: secret, csrf: s.CSRF}
}

// as returns a new person with these grants, in a browser.
func (r *rig) as(grants ...string) *visitor {
	r.t.Helper()
	return r.visit(r.person(strings.ToLower(rand.Text()[:8])+"@example.org", grants...))
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   string
}

func (v *visitor) get(path string) answer {
	v.t.Helper()
	return v.send(http.MethodGet, path, nil)
}

// post sends a form as the page of the same server does; fields are names and
// values.
func (v *visitor) post(path string, fields ...string) answer {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.submit(path, form)
}

func (v *visitor) submit(path string, form url.Values) answer {
	v.t.Helper()
	if v.csrf != "" && !form.Has("_csrf") {
		form.Set("_csrf", v.csrf)
	}
	if !form.Has("_sure") {
		form = maps.Clone(form)
		form.Set("_sure", "1") // who posts here has been asked
	}
	return v.send(http.MethodPost, path, form)
}

func (v *visitor) send(method, path string, form url.Values) answer {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", v.server.URL)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	maps.Copy(req.Header, v.header)
	if v.secret != "" {
		req.AddCookie(v.cookies().Session(v.secret, 0))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if closed := res.Body.Close(); err != nil || closed != nil {
		v.t.Fatal(err, closed)
	}
	return answer{status: res.StatusCode, header: res.Header, body: string(body)}
}

// wants fails unless the answer has the status and holds the texts.
func (a answer) wants(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %s %.2000s", a.status, status, a.header.Get("Location"), a.main())
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%q is not on the page:\n%.4000s", text, a.main())
		}
	}
	return a
}

// lacks fails where the answer holds one of the texts.
func (a answer) lacks(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("%q stands on the page:\n%.4000s", text, a.main())
		}
	}
	return a
}

// leads fails unless the answer sends to an address.
func (a answer) leads(t testing.TB, to string) answer {
	t.Helper()
	got, _, _ := strings.Cut(a.header.Get("Location"), "&undo=")
	if a.status != http.StatusSeeOther || got != to {
		t.Errorf("%d to %q, want %q:\n%.3000s", a.status, got, to, a.body)
	}
	return a
}

// main returns the page without its frame.
func (a answer) main() string {
	_, main, ok := strings.Cut(a.body, "<main")
	if !ok {
		return a.body
	}
	main, _, _ = strings.Cut(main, "</main>")
	return main
}
