package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/pull/who"
)

// patience is how long a test waits for what must come; nothing waits for it
// when all is well, so that it is long enough for a machine that has much else
// to do.
const patience = 2 * time.Minute

// eventually waits until a condition holds and fails the test where it never
// does.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	over := time.NewTimer(patience)
	defer over.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-over.C:
			if !holds() {
				t.Fatalf("this did not happen within %s: %s", patience, what)
			}
			return
		}
	}
}

// testClock is the true time, moved on by the test.
type testClock struct{ ahead atomic.Int64 }

func (c *testClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *testClock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// untilNoon moves on to the next noon in UTC, so that hours from now are of the same day.
func (c *testClock) untilNoon() {
	const day = 24 * time.Hour
	c.advance((c.Now().Truncate(day).Add(day + day/2).Sub(c.Now())) % day)
}

// What stands in every configuration of these tests and must never be logged.
const botToken = "123456:e2e-token-that-no-log-may-hold"

// hookSecret is another one in every process: the server of another test, which may get the port of one
// that was killed, acknowledges nothing that was meant for that.
var hookSecret = "e2e-secret-that-no-log-may-hold-" + rand.Text()

// head begins a configuration: a store beside the file, a free port, and this
// machine as the only network.
const serviceHead = `
[server]
listen = "127.0.0.1:0"
[store]
url = "bolt:keypull.db"
[secrets]
key_file = "keypull.key"
[fetch]
allow_private = ["127.0.0.1/32"]

[[publisher]]
id = "lecker"
name = "Lecker"
languages = ["en", "fr", "de"]
time_zone = "Europe/Paris"
contact = "Ada Example, reader@example.org"
privacy = "https://example.org/privacy"
`

// sourceBlock returns a source of a kind with its freshness words and settings, as
// lines of TOML.
func sourceBlock(id, kind, words string, settings ...string) string {
	return fmt.Sprintf("\n[[publisher.source]]\nid = %q\nkind = %q\n%s\n[publisher.source.settings]\n%s\n",
		id, kind, words, strings.Join(settings, "\n"))
}

// feedBlock returns a feed with its freshness words.
func feedBlock(id, url, words string) string {
	return sourceBlock(id, "feed", words, fmt.Sprintf("url = %q", url))
}

// keywordBlock returns a keyword whose phrase is its id.
func keywordBlock(id, source string, lines ...string) string {
	return fmt.Sprintf("\n[[publisher.keyword]]\nid = %q\nsource = %q\nphrases = { en = [%q] }\n%s\n",
		id, source, id, strings.Join(lines, "\n"))
}

// telegramBlock returns the channel "tg" by webhooks.
func telegramBlock(api string, lines ...string) string {
	return fmt.Sprintf("\n[[publisher.channel]]\nid = \"tg\"\nkind = \"telegram\"\n[publisher.channel.settings]\n"+
		"token = %q\nsecret_token = %q\napi_base = %q\n%s\n", botToken, hookSecret, api, strings.Join(lines, "\n"))
}

// chatBlock returns the channel "web",
// a web chat without a budget, as all readers of a test come from
// one address; a line of its own may set one.
func chatBlock(lines ...string) string {
	if !strings.Contains(strings.Join(lines, "\n"), "budget") {
		lines = append(slices.Clip(lines), "budget = { asks = 0, sessions = 0, streams = 0 }")
	}
	return "\n[[publisher.channel]]\nid = \"web\"\nkind = \"webchat\"\n[publisher.channel.settings]\n" + strings.Join(lines, "\n") + "\n"
}

// writeConfig writes a configuration into a folder of its own and returns its
// path.
func writeConfig(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(serviceHead+strings.Join(parts, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// logBook collects what is logged, and what must not be in there.
type logBook struct {
	mu     sync.Mutex
	lines  bytes.Buffer
	secret map[string]bool
}

func newLogBook(t testing.TB) *logBook {
	b := &logBook{secret: map[string]bool{botToken: true, hookSecret: true}}
	t.Cleanup(func() { b.check(t) })
	return b
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines.String()
}

// keepOut names a reader's words or address. Words as short as those of a
// catalogue stand in logs for other reasons.
func (b *logBook) keepOut(words ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range words {
		if len(w) >= 9 {
			b.secret[w] = true
		}
	}
}

// check finds readers' words, addresses, tokens and panics in the log.
func (b *logBook) check(t testing.TB) {
	t.Helper()
	log := b.String()
	b.mu.Lock()
	defer b.mu.Unlock()
	for w := range b.secret {
		if at := strings.Index(log, w); at >= 0 {
			t.Errorf("the log tells what it must not, %q: …%s", w, log[max(0, at-200):min(len(log), at+len(w)+50)])
		}
	}
	if at := strings.Index(log, "panic"); at >= 0 {
		t.Errorf("the log tells of a panic: %s", log[at:min(len(log), at+400)])
	}
	if t.Failed() {
		for line := range strings.Lines(log[:max(0, len(log)-4000)]) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Log("before that the log tells ", line)
			}
		}
		t.Logf("the log ends with\n%s", log[max(0, len(log)-4000):])
	}
}

// service is the whole service in this process, on a free port.
type service struct {
	*Server
	t     testing.TB
	path  string
	clock *testClock
	log   *logBook
	// options are what the test adds to the configuration.
	options ServerOptions
	open    bool
	// weathered counts, by channel, the deliveries of a storm that were taken.
	weathered map[string]int
}

// serveConfig starts the service on a configuration; the test ends it.
func serveConfig(t testing.TB, parts ...string) *service {
	t.Helper()
	return serveWith(t, ServerOptions{}, parts...)
}

func serveWith(t testing.TB, o ServerOptions, parts ...string) *service {
	t.Helper()
	s := newService(t, parts...)
	s.options = o
	s.start()
	t.Cleanup(s.stop)
	return s
}

// newService returns a service that has not begun.
func newService(t testing.TB, parts ...string) *service {
	t.Helper()
	return &service{t: t, path: writeConfig(t, parts...), clock: &testClock{}, log: newLogBook(t)}
}

// knownReader makes a session that the test chose one of a reader whom the
// service knows; it makes its own else.
func (s *service) knownReader(channel, session string) {
	s.t.Helper()
	key := s.readerKey("lecker", channel, session)
	reader, revision, err := s.ledger.Reader(s.t.Context(), key)
	if err == nil && revision == 0 && reader.State != who.Stopped {
		_, err = s.ledger.Put(s.t.Context(), key, who.Reader{}, 0)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) start() {
	s.t.Helper()
	read := func() (*config.Config, config.Findings) { return config.Load(s.path, os.LookupEnv, allKinds()) }
	c, found := read()
	if found.Errors() > 0 {
		s.t.Fatalf("the configuration: %s", found)
	}
	var err error
	o := s.options
	o.Reload, o.Level = read, new(slog.LevelVar)
	o.Level.Set(slog.LevelDebug)
	o.Logger = slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: o.Level}))
	o.Clock = s.clock.Now
	s.Server, err = StartServer(context.Background(), c, o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.open = true
}

// stop ends the service in an orderly way; more than once is as good as once.
func (s *service) stop() {
	if !s.open {
		return
	}
	s.open = false
	tooLong := time.AfterFunc(waits.drain/2, func() {
		var stacks bytes.Buffer
		_ = pprof.Lookup("goroutine").WriteTo(&stacks, 2)
		s.t.Errorf("the service takes more than %s to end:\n%s", waits.drain/2, &stacks)
	})
	defer tooLong.Stop()
	if err := s.Close(); err != nil {
		s.t.Errorf("the service did not end well: %v", err)
	}
}

// breakOff ends the service without waiting for what is under way.
func (s *service) breakOff() {
	s.t.Helper()
	ctx, cancel := context.WithDeadline(context.Background(), time.Now())
	defer cancel()
	s.open = false
	if err := s.drain(ctx); err != nil {
		s.t.Errorf("the service did not end well: %v", err)
	}
}

// restart ends the service and starts it on the same store.
func (s *service) restart() {
	s.t.Helper()
	s.stop()
	s.start()
}

// settled waits until nothing is under way any more.
func (s *service) settled() {
	s.t.Helper()
	for left := s.pipeline.Unfinished(); left > 0; {
		before := left
		eventually(s.t, fmt.Sprintf("one of %d unfinished asks is finished", before), func() bool {
			left = s.pipeline.Unfinished()
			return left < before
		})
	}
}

// posted is the answer to a request.
type posted struct {
	status int
	header http.Header
	body   string
}

// request sends a request and reads the whole answer.
func request(t testing.TB, method, url, body string, header map[string]string) posted {
	t.Helper()
	answer, err := tryRequest(method, url, body, header)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// tryRequest is request for a server that may be gone.
func tryRequest(method, url, body string, header map[string]string) (posted, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return posted{}, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := e2eClient.Do(r)
	if err != nil {
		return posted{}, err
	}
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	return posted{res.StatusCode, res.Header, b.String()}, errors.Join(err, res.Body.Close())
}

// e2eClient keeps enough connections for a crowd and follows no redirects.
var e2eClient = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// inParallel runs n calls at once and waits for all of them.
func inParallel(n int, f func(i int)) {
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { f(i) })
	}
	wait.Wait()
}

// command runs a command line in this process.
func command(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}
