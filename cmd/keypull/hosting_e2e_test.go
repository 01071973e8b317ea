package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// composeFolder holds what runs the service in containers, behind Caddy.
const composeFolder = "../../deploy/compose"

// composeText returns one of its files.
func composeText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(composeFolder, name)) //nolint:gosec // the repository's own
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// caddyBefore runs Debian's Caddy by the Caddyfile as it is, before a server. It returns
// its addresses by https and http, and a client that trusts its authority.
func caddyBefore(t *testing.T, upstream string) (secure, plain string, client *http.Client) {
	t.Helper()
	folder, ports := t.TempDir(), freePorts(t, 3)
	secured, unsecured := ports[0], ports[1]
	ctx, end := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "caddy", "run", "--adapter", "caddyfile", "--config", filepath.Join(composeFolder, "Caddyfile")) //nolint:gosec // the repository's own
	cmd.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder,
		"PUBLIC_HOST=localhost", "UPSTREAM="+upstream, "HTTPS_PORT="+secured, "HTTP_PORT="+unsecured, "ADMIN=localhost:"+ports[2])
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	said := newLogBook(t)
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatalf("the test of what hosts it needs Debian's package caddy: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Caddy ended with %v", err)
		}
	})
	authorities := x509.NewCertPool()
	eventually(t, "Caddy has a certificate", func() bool {
		root, err := os.ReadFile(filepath.Join(folder, "caddy", "pki", "authorities", "local", "root.crt")) //nolint:gosec // the test's own
		return err == nil && authorities.AppendCertsFromPEM(root)
	})
	client = &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}, DisableCompression: true},
		CheckRedirect: e2eClient.CheckRedirect,
	}
	t.Cleanup(client.CloseIdleConnections)
	secure, plain = "https://localhost:"+secured, "http://localhost:"+unsecured
	eventually(t, "Caddy answers", func() bool {
		res, err := client.Get(secure + "/healthz") //nolint:noctx // the test's own patience bounds it
		return err == nil && res.Body.Close() == nil
	})
	return secure, plain, client
}

func TestTheCaddyfileServesAnInstallationToTheWorld(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	secure, plain, client := caddyBefore(t, strings.TrimPrefix(s.URL, "http://"))
	sent := func(method, url, body string, header ...string) *http.Request {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	answer := func(method, url, body string, header ...string) posted {
		t.Helper()
		res, err := client.Do(sent(method, url, body, header...))
		if err != nil {
			t.Fatal(err)
		}
		told, err := io.ReadAll(res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		return posted{res.StatusCode, res.Header, string(told)}
	}
	for path, want := range map[string]int{
		"/healthz": http.StatusNotFound, "/readyz": http.StatusNotFound, "/metrics": http.StatusNotFound,
		"/chat/lecker/web/": http.StatusOK, "/console/sign-in": http.StatusOK, "/api/v1/openapi.json": http.StatusOK,
	} {
		if got := answer(http.MethodGet, secure+path, ""); got.status != want {
			t.Errorf("%s gets %d, want %d", path, got.status, want)
		}
	}
	if got := answer(http.MethodGet, plain+"/chat/lecker/web/", ""); got.status != http.StatusPermanentRedirect || !strings.HasPrefix(got.header.Get("Location"), "https://localhost") {
		t.Errorf("by http it gets %d to %q", got.status, got.header.Get("Location"))
	}

	// A stream that does not end begins at once, and the same session is answered.
	const session = "a-session-behind-caddy"
	s.knownReader("web", session)
	stream, err := client.Do(sent(http.MethodGet, secure+"/chat/lecker/web/events", "", "Authorization", "Bearer "+session))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	hello := make([]byte, len("retry: 2000"))
	if _, err := io.ReadFull(stream.Body, hello); err != nil || stream.StatusCode != http.StatusOK {
		t.Errorf("the stream gets %d and begins with %q, %v", stream.StatusCode, hello, err)
	}
	got := answer(http.MethodPost, secure+"/chat/lecker/web/messages", `{"text":"hours"}`, "Authorization", "Bearer "+session, "Content-Type", "application/json")
	if !strings.Contains(got.body, "Open from 9 to 17.") {
		t.Errorf("a message gets %d %s", got.status, got.body)
	}
}

// A stream that Caddy holds on to when its reader has gone is one that keypull keeps open
// for nobody.
func TestTheCaddyfileHoldsNoStreamWhoseReaderLeft(t *testing.T) {
	left := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			close(left)
		case <-t.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	secure, _, client := caddyBefore(t, strings.TrimPrefix(server.URL, "http://"))
	stream, err := client.Get(secure + "/events") //nolint:noctx // the reader leaves by closing it
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Body.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the stream ends", func() bool {
		select {
		case <-left:
			return true
		default:
			return false
		}
	})
}

func TestWhatTheComposeFileNamesIsThere(t *testing.T) {
	text, example := composeText(t, "compose.yaml"), composeText(t, "env.example")
	for _, m := range regexp.MustCompile(`- \./([A-Za-z.]+):`).FindAllStringSubmatch(text, -1) {
		composeText(t, m[1])
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+)`).FindAllStringSubmatch(text, -1) {
		named[m[1]] = true
		if !strings.Contains(example, "\n"+m[1]+"=") {
			t.Errorf("env.example does not name %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\{\$([A-Z_]+)\}`).FindAllStringSubmatch(composeText(t, "Caddyfile"), -1) {
		if !strings.Contains(text, m[1]+":") || !named[m[1]] {
			t.Errorf("the Caddyfile wants %s, which nothing sets", m[1])
		}
	}
	config, image := composeText(t, "config.toml"), composeText(t, "../Dockerfile")
	for _, m := range regexp.MustCompile(`- [a-z]+:(/var/[a-z/]+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(image, " "+m[1]+"\n") || !strings.Contains(config, m[1]) {
			t.Errorf("%s is no folder of the image, or nothing is kept there", m[1])
		}
	}
	if subnet := regexp.MustCompile(`subnet: ([0-9./]+)`).FindStringSubmatch(text); len(subnet) < 2 || !strings.Contains(config, `trusted_proxies = ["`+subnet[1]+`"]`) {
		t.Errorf("the network %v is not the one whose proxies are trusted", subnet)
	}
	t.Setenv("BACKUP_PASSPHRASE", "sixteen characters and more")
	t.Setenv("KEYPULL_SERVER_PUBLIC_URL", "https://pull.example.org")
	if code, stdout, stderr := command(t.Context(), "check", "--offline", "-c", filepath.Join(composeFolder, "config.toml")); code != cli.Done {
		t.Errorf("check ends with %d: %s%s", code, stdout, stderr)
	}
}
