package hook_test

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside/servertest"
	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

// maxExample is how long an example may be, in lines.
const maxExample = 40

// TestTheExamplesAnswerWhoIsSigned starts each endpoint of docs/examples, has a
// real source ask it, and forges.
func TestTheExamplesAnswerWhoIsSigned(t *testing.T) {
	folder, err := filepath.Abs(filepath.Join("..", "..", "docs", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "hook")
	for name, c := range map[string]struct {
		run  func(address string) []string
		path string
	}{
		"keypull-hook.php": {func(address string) []string { return []string{"php", "-S", address, "testdata/wordpress.php"} }, "/wp-json/keypull/v1/ask"},
		"hook.py":          {func(string) []string { return []string{"python3", filepath.Join(folder, "hook.py")} }, "/ask"},
		"hook.mjs":         {func(string) []string { return []string{"node", filepath.Join(folder, "hook.mjs")} }, "/ask"},
		"hook.go":          {func(string) []string { return []string{binary} }, "/ask"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // a file of this repository
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(text, []byte("\n")); n > maxExample {
				t.Errorf("%s has %d lines; at most %d are allowed", name, n, maxExample)
			}
			if name == "hook.go" {
				build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, filepath.Join(folder, name)) //nolint:gosec // a file of this repository
				build.Env = append(os.Environ(), "CGO_ENABLED=0")
				if out, err := build.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			address := start(t, c.run, filepath.Join(folder, name))
			answersTheSigned(t, "http://"+address+c.path)
		})
	}
}

// start runs an endpoint, and waits until it takes connections.
func start(t *testing.T, run func(string) []string, plugin string) string {
	t.Helper()
	port, err := servertest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	line := run(address)
	var out bytes.Buffer
	program := exec.CommandContext(t.Context(), line[0], line[1:]...) //nolint:gosec // the examples of this repository
	program.Env = append(os.Environ(), "LISTEN="+address, "KEYPULL_SECRET="+pushSecret, "KEYPULL_PLUGIN="+plugin)
	program.Stdout, program.Stderr = &out, &out
	if err := program.Start(); err != nil {
		t.Fatalf("%s cannot be run: %v", line[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	t.Cleanup(func() {
		_ = program.Process.Kill()
		if err := <-ended; err == nil {
			t.Errorf("%s ended by itself", line[0])
		}
	})
	for {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = c.Close()
			return address
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended before it answered: %v\n%s", line[0], err, out.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// answersTheSigned has a source ask an endpoint: as it should, with another
// secret, and as of another time.
func answersTheSigned(t *testing.T, url string) {
	t.Helper()
	ask := func(secret string, late time.Duration) (pull.Snapshot, error) {
		env := sourcetest.Env(t, "")
		env.Clock = func() time.Time { return time.Now().Add(late) }
		source := sourcetest.Open(t, hook.Kind, env, values{"url": url, "secret": secret})
		key, err := source.Key(pull.Query{Argument: "Boots", Keyword: "stock"})
		if err != nil {
			t.Fatal(err)
		}
		return source.Fetch(t.Context(), key, nil)
	}
	s, err := ask(pushSecret, 0)
	if err != nil || len(s.Items) != 1 || s.Items[0].Title != "Boots" && s.Items[0].Title != "boots" || s.Items[0].Body != "12 pairs" {
		t.Fatalf("a signed ask gets %+v, %v", s.Items, err)
	}
	for name, refused := range map[string]struct {
		secret string
		late   time.Duration
	}{
		"another secret":     {"whsec_YW5vdGhlci1zZWNyZXQtdGhhbi10aGF0", 0},
		"an hour ago":        {pushSecret, -time.Hour},
		"an hour from now":   {pushSecret, time.Hour},
		"six minutes ago":    {pushSecret, -6 * time.Minute},
		"the secret as text": {strings.TrimPrefix(pushSecret, "whsec_"), 0},
	} {
		if _, err := ask(refused.secret, refused.late); pull.KindOf(err) != pull.Unusable || !strings.Contains(err.Error(), "401") {
			t.Errorf("signed with %s it answers %v", name, err)
		}
	}
	forged, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"argument": "boots"}`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(forged)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("what nobody signed gets %d", res.StatusCode)
	}
}
