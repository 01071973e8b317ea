package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pelletier/go-toml/v2"

	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
)

// TestTheExampleOfAMatcherOffersByMeaning runs docs/examples/matcher.go by the
// lines of docs/understanding.md that set it up, and reads what readers get.
func TestTheExampleOfAMatcherOffersByMeaning(t *testing.T) {
	t.Parallel()
	address := "127.0.0.1:" + freePorts(t, 1)[0]
	lines, secret := exampleMatcherLines(t, address)
	runExampleMatcher(t, address, secret)
	const forecast, water = "Rain from the west.", "High water at noon."
	s := serveConfig(t, chatBlock(),
		sourceBlock("weather", "text", "", fmt.Sprintf("answers = [{ text = %q }]", forecast)), keywordBlock("weather", "weather"),
		sourceBlock("tides", "text", "", fmt.Sprintf("answers = [{ text = %q }]", water)), keywordBlock("tides", "tides"),
		lines)
	for _, c := range []struct{ text, offered, yes string }{
		{"gonna rain", "weather", forecast},
		{"a swim at the beach", "tides", water},
		{"please send me the storms tonight", "weather", forecast},
		{"opening hours of the museum", "", ""},
		{"the best pizza", "", ""},
	} {
		session := s.chat(`{"text":"help"}`).Session
		say := func(text string) chatAnswer {
			t.Helper()
			return s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, text, session))
		}
		got := say(c.text).text()
		for _, id := range []string{"weather", "tides"} {
			if strings.Contains(got, id) != (id == c.offered) || strings.Contains(got, forecast) || strings.Contains(got, water) {
				t.Errorf("%q gets %q", c.text, got)
			}
		}
		if c.offered == "" {
			continue
		}
		if got := say("yes").text(); !strings.Contains(got, c.yes) {
			t.Errorf("yes to %q gets %q", c.text, got)
		}
	}
}

// TestTheExampleOfAMatcherAnswersWhoIsSigned asks docs/examples/matcher.go as it
// should be, with another secret, as of another time, and without a signature.
func TestTheExampleOfAMatcherAnswersWhoIsSigned(t *testing.T) {
	const secret = "a secret of the outlet's own"
	address := "127.0.0.1:" + freePorts(t, 1)[0]
	url := "http://" + address + "/match"
	runExampleMatcher(t, address, secret)
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	ask := func(secret settings.Secret, late time.Duration, text string) ([]pull.Scored, error) {
		m := publishing.NewMatcher(client, catalogue.Matcher{URL: url, Secret: secret, Deadline: 2 * time.Second}, func() time.Time { return time.Now().Add(late) })
		return m.Match(t.Context(), pull.MatcherAsk{Publisher: "harbour", Text: text, Language: "en"})
	}
	got, err := ask(secret, 0, "umbrella")
	if diff := cmp.Diff([]pull.Scored{{Keyword: "weather", Score: 1}}, got, cmpopts.EquateApprox(0, 1e-9)); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for name, refused := range map[string]struct {
		secret settings.Secret
		late   time.Duration
	}{
		"another secret":   {"another secret than theirs", 0},
		"six minutes ago":  {secret, -6 * time.Minute},
		"an hour from now": {secret, time.Hour},
	} {
		if got, err := ask(refused.secret, refused.late, "umbrella"); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("signed with %s it answers %v, %v", name, got, err)
		}
	}
	forged, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"text": "umbrella"}`))
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

// exampleMatcherLines returns the lines of the page that set the example up,
// for an address, and the secret in them.
func exampleMatcherLines(t *testing.T, address string) (lines, secret string) {
	t.Helper()
	const begin, where = "[publisher.matcher]", "127.0.0.1:8001"
	_, blocks := readDoc(t, "understanding.md")
	i := slices.IndexFunc(blocks, func(b string) bool { return strings.Contains(b, begin) && strings.Contains(b, where) })
	if i < 0 {
		t.Fatalf("no lines set up a matcher at %s", where)
	}
	var file struct {
		Publisher struct{ Matcher struct{ Secret string } }
	}
	if err := toml.Unmarshal([]byte(blocks[i]), &file); err != nil {
		t.Fatal(err)
	}
	// The rig's configuration has said [fetch] before; a busy machine takes its time.
	_, lines, _ = strings.Cut(blocks[i], begin)
	return begin + strings.ReplaceAll(lines, where, address) + "deadline = \"2s\"\n", file.Publisher.Matcher.Secret
}

// runExampleMatcher builds and starts the example, and returns once it takes
// connections.
func runExampleMatcher(t *testing.T, address, secret string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "matcher")
	example := filepath.Join("..", "..", "docs", "examples", "matcher.go")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, example) //nolint:gosec // a file of this repository
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var out strings.Builder
	program := exec.CommandContext(t.Context(), binary) //nolint:gosec // just built
	program.Env = append(os.Environ(), "LISTEN="+address, "KEYPULL_SECRET="+secret)
	program.Stdout, program.Stderr = &out, &out
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
	eventually(t, "the example takes connections", func() bool {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
}
