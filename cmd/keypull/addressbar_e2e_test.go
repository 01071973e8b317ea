package main

import (
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
)

// whatBrowsersTake is what a browser sends with an address that somebody typed.
const whatBrowsersTake = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

// TestMistakesInTheAddressBarAreAnsweredByAPage sends each address as a browser
// does, as curl does, and as a script of a page does.
func TestMistakesInTheAddressBarAreAnsweredByAPage(t *testing.T) {
	s := serveConsole(t)
	s.admin().outlet("lecker")
	const console = `href="/console"`
	for _, tt := range []struct {
		name, method, path string
		status             int
		want               string
	}{
		{"a word", "GET", "/consol", 404, "typing error"},
		{"upper case", "GET", "/Console/Sign-In", 404, `href="/console/sign-in"`},
		{"a slash too much", "GET", "/healthz/x/", 404, `href="/healthz/x"`},
		{"other letters", "GET", "/%D0%BA%D0%BE%D0%BD%D1%81%D0%BE%D0%BB%D1%8C", 404, "typing error"},
		{"a zero byte", "GET", "/x%00y", 404, "typing error"},
		{"markup", "GET", "/%3Cscript%3Ealert(1)%3C/script%3E", 404, "typing error"},
		{"the API", "GET", "/api/v1/publishers", 401, "for programs"},
		{"no place of the API", "GET", "/api/v1/nothing", 404, "/api/v1/openapi.json"},
		{"another API", "GET", "/api/v2/publishers", 404, "for programs"},
		{"a way of the API that is none", "DELETE", "/api/v1/me", 405, "for programs"},
		{"no chat", "GET", "/chat/lecker/nothing", 404, "ends with a publisher and a channel"},
		{"half a chat", "GET", "/chat/lecker", 404, "ends with a publisher and a channel"},
		{"no hook", "GET", "/hook/lecker/tg", 404, "Messengers"},
		{"no app", "GET", "/hook/app/meta", 404, "Messengers"},
		{"a push", "GET", "/in/lecker/news", 404, "Messengers"},
		{"a long address", "GET", "/console/" + strings.Repeat("x", 9000), 431, "too long"},
		{"a very long address", "GET", "/" + strings.Repeat("y", 200_000), 431, "too long"},
		{"somewhere odd", "GET", "/../../etc/passwd", 404, "typing error"},
		{"an invitation that has ended", "GET", "/console/welcome/nothing", 410, "invite"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := request(t, tt.method, s.URL+tt.path, "", map[string]string{"Accept": whatBrowsersTake, "Accept-Language": "en"})
			if page.status != tt.status || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") ||
				!strings.Contains(page.body, tt.want) || strings.Count(page.body, "<h1") != 1 || !strings.Contains(page.body, `href="/console`) {
				t.Errorf("%d %s\n%s", page.status, page.header, page.body)
			}
			if strings.Contains(page.body, "<script>") || page.header.Get("Content-Security-Policy") == "" {
				t.Errorf("the page runs what an address says: %s", page.body)
			}
			if strings.HasPrefix(tt.path, "/console/welcome") {
				return
			}
			german := request(t, tt.method, s.URL+tt.path, "", map[string]string{"Accept": whatBrowsersTake, "Accept-Language": "de"})
			if !strings.Contains(german.body, `<html lang="de"`) || !strings.Contains(german.body, console) {
				t.Errorf("a German reads %s", german.body)
			}
			for name, header := range map[string]map[string]string{
				"curl": {"Accept": "*/*"}, "a script": {"Accept": whatBrowsersTake, "Sec-Fetch-Mode": "cors"}, "who takes no page": {"Accept": "text/html;q=0, */*"},
			} {
				if got := request(t, tt.method, s.URL+tt.path, "", header); got.status != tt.status || strings.Contains(got.body, "<html") {
					t.Errorf("%s gets %d %s", name, got.status, got.body)
				}
			}
		})
	}
	if got := request(t, http.MethodHead, s.URL+"/nothing", "", map[string]string{"Accept": whatBrowsersTake}); got.status != 404 || got.body != "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
	if got := request(t, http.MethodGet, s.URL+"/", "", map[string]string{"Accept": whatBrowsersTake}); got.status != http.StatusSeeOther && !strings.Contains(got.body, "<html") {
		t.Errorf("the bare address: %d %q", got.status, got.body)
	}
}

func TestWhatFindsItsAddressTakenLeavesNothingBehind(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	folder := t.TempDir()
	file := filepath.Join(folder, "config.toml")
	if err := os.WriteFile(file, []byte(strings.Replace(consoleHead, "127.0.0.1:0", ln.Addr().String(), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found := config.Load(file, os.LookupEnv, allKinds())
	if found.Errors() > 0 {
		t.Fatal(found)
	}
	if _, err := StartServer(t.Context(), c, ServerOptions{Logger: slog.New(slog.DiscardHandler)}); err == nil {
		t.Fatal("it has started")
	}
	left, err := fs.Glob(os.DirFS(folder), "*")
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left behind, %v", left, err)
	}
}
