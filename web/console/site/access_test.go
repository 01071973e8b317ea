package site_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSomebodySignsInAndOut(t *testing.T) {
	r := newRig(t)
	ann := r.person("ann@example.org", "lecker owner")
	s := r.stranger()
	s.get("/console").leads(t, "/console/sign-in")
	s.get("/console/p/lecker/sources?q=a").leads(t, "/console/sign-in?next=%2Fconsole%2Fp%2Flecker%2Fsources%3Fq%3Da")
	s.get("/console/sign-in?next=/console/p/lecker/sources").wants(t, 200, `autocomplete="username"`, `autocomplete="current-password"`, `value="/console/p/lecker/sources"`)
	in := s.post("/console/sign-in", "email", " ANN@example.org ", "password", goodPassword, "next", "/console/p/lecker/sources").leads(t, "/console/p/lecker/sources")

	set := in.header.Get("Set-Cookie")
	for _, attribute := range []string{r.cookies().SessionName() + "=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(set, attribute) {
			t.Errorf("the cookie lacks %q: %s", attribute, set)
		}
	}
	if strings.Contains(set, "Domain") || strings.Contains(set, "Max-Age") {
		t.Errorf("the cookie %s", set)
	}
	s.secret, _, _ = strings.Cut(strings.TrimPrefix(set, r.cookies().SessionName()+"="), ";")
	s.get("/console").leads(t, "/console/p/lecker/today")
	s.get("/console/sign-in").leads(t, "/console")

	_, session, err := r.gate.Session(t.Context(), s.secret)
	if err != nil || session.Person != ann.ID {
		t.Fatalf("%+v, %v", session, err)
	}
	s.csrf = session.CSRF
	s.get("/console/sign-out").wants(t, http.StatusNotFound)
	out := s.post("/console/sign-out").leads(t, "/console/sign-in")
	if !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the cookie stays: %s", out.header.Get("Set-Cookie"))
	}
	s.get("/console").leads(t, "/console/sign-in")
}

func TestAWrongPasswordTellsNothing(t *testing.T) {
	r := newRig(t)
	r.person("ann@example.org", "lecker owner")
	s := r.stranger()
	known := s.post("/console/sign-in", "email", "ann@example.org", "password", "wrong").wants(t, http.StatusUnauthorized, "The e-mail address or the password is wrong.", `value="ann@example.org"`)
	unknown := s.post("/console/sign-in", "email", "bob@example.org", "password", "wrong").wants(t, http.StatusUnauthorized)
	if strings.ReplaceAll(known.body, "ann@", "bob@") != unknown.body {
		t.Error("the page tells who has an account")
	}
	known.lacks(t, `"wrong"`)
	if known.header.Get("Set-Cookie") != "" {
		t.Error("a cookie was set")
	}
}

func TestGuessingHasToWait(t *testing.T) {
	r := newRig(t)
	r.person("ann@example.org", "lecker owner")
	for _, email := range []string{"ann@example.org", "nobody@example.org"} {
		s := r.stranger()
		var last answer
		for range 7 {
			last = s.post("/console/sign-in", "email", email, "password", "wrong password")
		}
		last.wants(t, http.StatusTooManyRequests, "There were too many tries. Wait")
		if last.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		s.post("/console/sign-in", "email", email, "password", goodPassword).wants(t, http.StatusTooManyRequests)
		r.wait(time.Hour)
	}
	r.stranger().post("/console/sign-in", "email", "ann@example.org", "password", goodPassword).leads(t, "/console")
}

func TestASessionIsNeverOneThatWasThereBefore(t *testing.T) {
	r := newRig(t)
	ann := r.person("ann@example.org", "lecker owner")
	// Somebody has planted a cookie, be it of a session or of none.
	for _, planted := range []string{"planted", r.visit(ann).secret} {
		s := r.stranger()
		s.secret = planted
		in := s.post("/console/sign-in", "email", "ann@example.org", "password", goodPassword)
		secret, _, _ := strings.Cut(strings.TrimPrefix(in.header.Get("Set-Cookie"), r.cookies().SessionName()+"="), ";")
		if secret == "" || secret == planted {
			t.Errorf("the session is %q", secret)
		}
	}
}

func TestNobodyIsSentElsewhereAfterSigningIn(t *testing.T) {
	r := newRig(t)
	r.person("ann@example.org", "lecker owner")
	for _, evil := range []string{
		"https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/console/../evil", "/console/%2e%2e/evil", "/consolevil",
		"javascript:alert(1)", "data:text/html,x", "/console//evil.example", "https:/console", "http://[", "/console\r\nX: y", "\t//evil.example",
		"/console@evil.example", "//evil.example/console/", "https://evil.example/console/", "console", "", "?x", "/%5cevil.example", "/console/\\evil",
	} {
		s := r.stranger()
		s.post("/console/sign-in", "email", "ann@example.org", "password", goodPassword, "next", evil).leads(t, "/console")
	}
	r.stranger().post("/console/sign-in", "email", "ann@example.org", "password", goodPassword, "next", "/console/p/lecker/keywords?q=a%20b&state=open").
		leads(t, "/console/p/lecker/keywords?q=a%20b&state=open")
}

func TestSigningInSaysThatItNeedsHTTPS(t *testing.T) {
	const warning = "Signing in needs https"
	for public, warned := range map[string]bool{
		"http://pull.example.org": true, "http://192.0.2.1:8080": true, "https://pull.example.org": false,
		"http://127.0.0.1:8080": false, "http://localhost:8080": false, "http://[::1]:8080": false, "http://keypull.localhost": false,
	} {
		page := rigOf(t, newMemory(lecker()), public).stranger().get("/console/sign-in").wants(t, 200)
		if strings.Contains(page.body, warning) != warned {
			t.Errorf("%s: warned %v", public, !warned)
		}
	}
}

func TestPagesCannotBeFramedOrScripted(t *testing.T) {
	r := newRig(t)
	ann := r.as("lecker owner")
	for _, a := range []answer{r.stranger().get("/console/sign-in"), ann.get("/console/me"), ann.get("/console/nowhere"), ann.get("/console/p/lecker/today")} {
		policy := a.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy lacks %q: %s", part, policy)
			}
		}
		for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
	}
}
