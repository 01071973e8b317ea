package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"keypull/web"
)

func TestStrangersLearnNothingOfTheInsidesWhereTheWorldCanCome(t *testing.T) {
	inside := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("inside")) })
	options := web.Options{
		PublicURL: "https://pull.example.org",
		Mounts:    map[string]http.Handler{"/debug": inside, "/metrics": inside, "/log": inside},
		Bearer: func(_ context.Context, token, _ string) web.Visibility {
			return map[string]web.Visibility{"kp_all": {All: true}, "kp_lecker": {Publisher: "lecker"}}[token]
		},
		Ready: func(_ context.Context, s web.Visibility) (any, bool) { return s, false },
	}
	address := serve(t, options)
	date := regexp.MustCompile(`Date: [^\r]*\r\n`)
	ask := func(address, path, authorization string) string {
		head := "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
		if authorization != "" {
			head += "Authorization: " + authorization + "\r\n"
		}
		return date.ReplaceAllString(say(t, address, head+"\r\n"), "")
	}
	missing := strings.ReplaceAll(ask(address, "/nothing", ""), "/nothing", "")
	for _, path := range []string{"/metrics", "/metrics/", "/debug", "/debug/pprof/", "/debug/pprof/heap?debug=1", "/log", "/log/today"} {
		for _, wrong := range []string{"", "Bearer kp_wrong", "Bearer ", "Bearer", "Basic a3A6a3A=", "kp_all"} {
			if got := ask(address, path, wrong); got != missing {
				t.Errorf("%s with %q: %q, want what nothing there gets, %q", path, wrong, got, missing)
			}
		}
		if got := ask(address, path, "Bearer kp_all"); !strings.HasSuffix(got, "inside") {
			t.Errorf("%s with the installation's token: %q", path, got)
		}
	}
	if got := ask(address, "/debug/pprof/", "Bearer kp_lecker"); got != missing {
		t.Errorf("a publisher's token opened /debug: %q", got)
	}
	for _, path := range []string{"http://a/metrics", "//metrics", "/./metrics", "/x/../debug/pprof/", "/%6detrics", "/debug%2fpprof", "/Metrics", "/debug;a", "/metrics?a=/console", "/debug/../metrics", "/debug//pprof"} {
		if got := ask(address, path, ""); strings.Contains(got, "inside") {
			t.Errorf("a stranger got in by %s: %q", path, got)
		}
	}
	stranger := ask(address, "/readyz", "")
	if !strings.HasPrefix(stranger, "HTTP/1.1 503 ") || ask(address, "/readyz", "Bearer kp_wrong") != stranger {
		t.Errorf("a stranger at /readyz got %q, with a wrong token %q", stranger, ask(address, "/readyz", "Bearer kp_wrong"))
	}
	options.PublicURL = "http://localhost:8080"
	if got := ask(serve(t, options), "/debug/pprof/", ""); !strings.HasSuffix(got, "inside") {
		t.Errorf("on one's own machine /debug is closed: %q", got)
	}
	for token, want := range map[string]web.Visibility{"": {}, "kp_wrong": {}, "kp_all": {All: true}, "kp_lecker": {Publisher: "lecker"}} {
		got := ask(address, "/readyz", "bearer "+token)
		var seen web.Visibility
		_, body, _ := strings.Cut(got, "\r\n\r\n")
		if err := json.Unmarshal([]byte(body), &seen); err != nil || seen != want {
			t.Errorf("/readyz with %q: %q", token, got)
		}
	}
}
