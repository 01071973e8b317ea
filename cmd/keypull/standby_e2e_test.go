package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/safe"
	"keypull/cmd/keypull/standby"
)

const standbySecret = "a secret of both machines"

// pair is a primary and its standby, each a process on a folder of its own.
type pair struct {
	t        testing.TB
	api      *botAPI
	book     *logBook
	configs  [2]string // of the primary, of the standby
	primary  *process
	follower *process
}

// newPair starts a primary with a configuration behind [standby], and writes the standby's.
func newPair(t testing.TB, wait string) *pair {
	t.Helper()
	p := &pair{t: t, api: newBotAPI(t), book: newLogBook(t)}
	p.book.keepOut(standbySecret)
	feed := newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	for i, table := range []string{wait, ""} {
		p.configs[i] = writeConfig(t, feedBlock("news", feed.url(), `max_age = "0s"`), keywordBlock("news", "news"), telegramBlock(p.api.URL), chatBlock(),
			fmt.Sprintf("\n[standby]\nsecret = %q\n%s", standbySecret, table))
	}
	p.primary = startProcess(t, p.book, p.configs[0])
	return p
}

// file returns a file beside a configuration.
func (p *pair) file(i int, name string) string {
	return filepath.Join(filepath.Dir(p.configs[i]), name)
}

// follow starts the standby, and returns once it has everything.
func (p *pair) follow() {
	p.t.Helper()
	key, err := os.ReadFile(p.file(0, "keypull.key"))
	if err == nil {
		err = os.WriteFile(p.file(1, "keypull.key"), key, 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.follower = launch(p.t, p.book, "standby", "-c", p.configs[1], "--of", p.primary.url)
	if p.follower.url == "" {
		p.t.Fatalf("the standby does not start\n%s", p.book)
	}
	p.caughtUp()
}

// caughtUp waits until the standby may take over.
func (p *pair) caughtUp() {
	p.t.Helper()
	eventually(p.t, "the standby has everything", func() bool {
		state, ok, err := standby.ReadState(p.file(1, "keypull.db"))
		return err == nil && ok && state.Whole && !state.Behind
	})
}

// promote has the standby take over, which goes on as the service.
func (p *pair) promote() {
	p.t.Helper()
	cmd := launch(p.t, p.book, "standby", "promote", "-c", p.configs[1])
	if code := cmd.wait(); code != cli.Done {
		p.t.Fatalf("promote ends with %d\n%s", code, p.book)
	}
	p.book.waits(p.t, `"msg":"serving"`, 2)
	p.follower.url = p.book.lastURL(p.t)
}

// waits returns once a text stands so often in the log.
func (b *logBook) waits(t testing.TB, text string, times int) {
	t.Helper()
	eventually(t, text, func() bool { return strings.Count(b.String(), text) >= times })
}

// lastURL returns where the service is that said last that it serves.
func (b *logBook) lastURL(t testing.TB) string {
	t.Helper()
	url := ""
	for line := range strings.Lines(b.String()) {
		var entry struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "serving" {
			url = entry.URL
		}
	}
	return url
}

// chatters ask over the web chat, each ask of a reader of its own, and note what was told to be accepted.
type chatters struct {
	url     string
	next    func() string // in place of url, where set
	over    chan struct{}
	wait    sync.WaitGroup
	mu      sync.Mutex
	told    []string // bodies by which the same is asked once more
	refused refusedRequests
}

// refusedRequests counts requests that were refused, by where.
type refusedRequests struct {
	mu sync.Mutex
	at map[string]int
}

func (r *refusedRequests) add(at string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		r.at = map[string]int{}
	}
	r.at[at]++
}

// count returns how many there were, but for some address.
func (r *refusedRequests) count(but string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for at, refused := range r.at {
		if at != but {
			n += refused
		}
	}
	return n
}

func (c *chatters) start(writers int) {
	for writer := range writers {
		c.wait.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-c.over:
					return
				default:
					c.ask(fmt.Sprintf("%d-%d", writer, n))
				}
			}
		})
	}
}

func (c *chatters) ask(id string) {
	at := c.url
	if c.next != nil {
		at = c.next()
	}
	got, err := tryRequest(http.MethodPost, at+"/chat/lecker/web/messages", fmt.Sprintf(`{"text":"help","id":%q}`, id), jsonHeader)
	var a chatAnswer
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || got.status >= http.StatusBadRequest || json.Unmarshal([]byte(got.body), &a) != nil {
		c.refused.add(at)
		return
	}
	c.told = append(c.told, fmt.Sprintf(`{"text":"help","id":%q,"session":%q}`, id, a.Session))
}

func (c *chatters) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.told)
}

// hookLoad are readers who ask over a hook, each once, until it is over.
type hookLoad struct {
	url, asks string
	next      func() string // in place of url, where set
	over      chan struct{}
	wait      sync.WaitGroup
	mu        sync.Mutex
	// updates are those that were told to be accepted, chats their readers.
	updates []string
	chats   []int64
	refused refusedRequests
}

func (l *hookLoad) start(writers int) {
	for range writers {
		l.wait.Go(func() {
			for {
				select {
				case <-l.over:
					return
				default:
					l.askOnce()
				}
			}
		})
	}
}

func (l *hookLoad) askOnce() {
	chat := newChat()
	body := messageUpdate(newUpdate(), chat, l.asks)
	at := l.url
	if l.next != nil {
		at = l.next()
	}
	got, err := tryRequest(http.MethodPost, at+"/hook/lecker/tg", body, telegramHeader())
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || got.status != http.StatusOK {
		l.refused.add(at)
		return
	}
	l.updates, l.chats = append(l.updates, body), append(l.chats, chat)
}

func (l *hookLoad) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.updates)
}

// lastAsk returns the number of the last ask that a machine has accepted, which must not run.
func (p *pair) lastAsk(i int) uint64 {
	p.t.Helper()
	s, err := safe.Open(p.t.Context(), safe.Options{Store: p.file(i, "keypull.db"), Keys: p.file(i, "keypull.key"), MinFree: -1, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	return s.Store.Queue("asks").Last()
}

// settles returns once a server has answered everything.
func settles(t testing.TB, url string) {
	t.Helper()
	eventually(t, "everything is answered", func() bool {
		var ready struct{ Pending int }
		got, err := tryRequest(http.MethodGet, url+"/readyz", "", nil)
		return err == nil && json.Unmarshal([]byte(got.body), &ready) == nil && ready.Pending == 0
	})
}

// TestAStandbyTakesOverWithEveryAskThatWasTold: with wait, what a reader or platform was told to be
// accepted is on the other machine, whenever the primary is killed: who asks the same once more is known there.
func TestAStandbyTakesOverWithEveryAskThatWasTold(t *testing.T) {
	t.Parallel()
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv("KEYPULL_KILL_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	for range rounds {
		p := newPair(t, `wait = "60s"`)
		p.follow()
		over := make(chan struct{})
		l := &hookLoad{url: p.primary.url, asks: "news", over: over}
		l.start(4)
		c := &chatters{url: p.primary.url, over: over}
		c.start(4)
		until := 20 + rand.IntN(200) //nolint:gosec // any moment will do
		eventually(t, "the load goes on", func() bool { return l.count() >= until && c.count() >= 10 })
		p.primary.kill()
		close(over)
		l.wait.Wait()
		c.wait.Wait()
		began := time.Now()
		p.promote()
		took := time.Since(began)
		settles(t, p.follower.url)
		p.ends(p.follower)
		before := p.lastAsk(1)
		again := startProcess(t, p.book, p.configs[1])
		for _, body := range l.updates {
			request(t, http.MethodPost, again.url+"/hook/lecker/tg", body, telegramHeader())
		}
		for _, body := range c.told {
			request(t, http.MethodPost, again.url+"/chat/lecker/web/messages", body, jsonHeader)
		}
		settles(t, again.url)
		p.ends(again)
		if lost := p.lastAsk(1) - before; lost > 0 {
			t.Errorf("of %d and %d asks that were told to be accepted %d are not known to the machine that took over", len(l.updates), c.count(), lost)
		}
		t.Logf("%d asks over a hook and %d over the web chat told, none lost; back after %s", len(l.updates), c.count(), took.Round(time.Millisecond))
	}
}

func (p *pair) ends(server *process) {
	p.t.Helper()
	if code, _ := server.end(); code != cli.Done {
		p.t.Errorf("a server ended with %d", code)
	}
}

func TestAPrimaryThatMeetsALaterOneAnswersNobody(t *testing.T) {
	p := newPair(t, "")
	p.follow()
	p.promote()
	if code := p.primary.wait(); code != cli.Damaged {
		t.Errorf("the former primary ends with %d", code)
	}
	if code := launch(t, p.book, "serve", "-c", p.configs[0]).wait(); code != cli.Damaged {
		t.Errorf("the former primary starts again, and ends with %d", code)
	}
	if got := request(t, http.MethodGet, p.follower.url+"/readyz", "", nil); got.status != http.StatusOK {
		t.Errorf("the promoted one says %d %s", got.status, got.body)
	}
	p.ends(p.follower)
	// Whoever starts the standby once more starts what it is by now.
	again := launch(t, p.book, "standby", "-c", p.configs[1], "--of", "http://127.0.0.1:1")
	if got := request(t, http.MethodGet, again.url+"/readyz", "", nil); got.status != http.StatusOK {
		t.Errorf("the promoted one says %d %s", got.status, got.body)
	}
	p.ends(again)
}

func TestAStandbyServesNobody(t *testing.T) {
	p := newPair(t, "")
	p.follow()
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 401, "/": 404, "/chat/lecker/web/messages": 404, "/console": 404, "/standby": 404} {
		if got := request(t, http.MethodGet, p.follower.url+path, "", nil); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
	told := request(t, http.MethodGet, p.follower.url+"/metrics", "", map[string]string{"Authorization": "Bearer " + standbySecret}).body
	for _, name := range []string{"keypull_standby_follows 1", "keypull_standby_connected 1", "keypull_standby_lag_records 0", "keypull_ready 0"} {
		if !strings.Contains(told, name) {
			t.Errorf("no %s in\n%s", name, told)
		}
	}
	if got := request(t, http.MethodPost, p.primary.url+"/standby", "{}", map[string]string{"Authorization": "Bearer another"}); got.status != http.StatusUnauthorized {
		t.Errorf("whoever has another secret is answered %d", got.status)
	}
	p.ends(p.follower)
	if code := launch(t, p.book, "serve", "-c", p.configs[1]).wait(); code != cli.Damaged {
		t.Errorf("serve on the copy of a standby ends with %d", code)
	}
	p.primary.kill()
	if code := launch(t, p.book, "standby", "promote", "-c", p.configs[1]).wait(); code != cli.Done {
		t.Errorf("a standby that does not run is not promoted: %d", code)
	}
	p.ends(startProcess(t, p.book, p.configs[1]))
}

func TestTheMachineOfAStandbyTellsHowThatIsDoing(t *testing.T) {
	p := newPair(t, "")
	address := freeAddress(t.Context(), "127.0.0.1:0")
	if err := replaceIn(p.configs[1], regexp.MustCompile(`(?m)^listen = .*`), "listen = "+strconv.Quote(address)); err != nil {
		t.Fatal(err)
	}
	p.follow()
	tells := func(when, name string, code int, wants ...string) {
		t.Helper()
		eventually(t, when+": "+name, func() bool {
			got, stdout, stderr := command(t.Context(), name, "-c", p.configs[1])
			lacks := func(want string) bool { return !strings.Contains(stdout+stderr, want) }
			return got == code && !strings.Contains(stdout, "restore") && !slices.ContainsFunc(wants, lacks)
		})
	}
	tells("it follows", "status", cli.Done, "follows "+p.primary.url+", 0 records behind", "it has everything up to")
	tells("it follows", "doctor", cli.Done, "Nothing is wrong.")
	tells("it follows", "check", cli.Done)
	p.primary.kill()
	tells("the primary is gone", "status", cli.Findings, "does not reach "+p.primary.url, "keypull standby promote")
	tells("the primary is gone", "doctor", cli.Findings, "does not reach "+p.primary.url, "keypull standby promote")
	p.ends(p.follower)
	tells("no standby runs", "status", cli.Unreachable, "no standby runs at "+address, "keypull standby promote")
	tells("no standby runs", "doctor", cli.Findings, "keypull standby -c ", "keypull standby promote")
	tells("no standby runs", "figures", cli.Damaged, "is the copy of a standby that follows "+p.primary.url)
	if code := launch(t, p.book, "standby", "promote", "-c", p.configs[1]).wait(); code != cli.Done {
		t.Errorf("promote ends with %d", code)
	}
	tells("it has taken over", "status", cli.Unreachable, "keypull serve")
}

func TestAStandbyThatWasAwayHasEveryKeyDestroyedBeforeItMayTakeOver(t *testing.T) {
	p := newPair(t, `wait = "100ms"`)
	p.follow()
	chat := newChat()
	for _, text := range []string{"news", "forget me", "yes"} {
		if text == "forget me" {
			settles(t, p.primary.url)
			p.follower.kill()
		}
		request(t, http.MethodPost, p.primary.url+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, text), telegramHeader())
		settles(t, p.primary.url)
	}
	slots := func(i int) []byte {
		b, err := os.ReadFile(p.file(i, "keypull.key.slots"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if bytes.Equal(slots(0), slots(1)) {
		t.Error("nothing was destroyed meanwhile")
	}
	var status struct {
		Standby standbyStatus
	}
	if err := json.Unmarshal([]byte(p.says("status", "--json", "-c", p.configs[0])), &status); err != nil || status.Standby.Alone == 0 || status.Standby.Note == "" {
		t.Errorf("status: %+v, %v", status.Standby, err)
	}
	p.follow()
	eventually(t, "what was destroyed is destroyed there, too", func() bool { return bytes.Equal(slots(0), slots(1)) })
	eventually(t, "status tells that it is back", func() bool {
		return json.Unmarshal([]byte(p.says("status", "--json", "-c", p.configs[0])), &status) == nil && status.Standby.Follows && status.Standby.LagRecords == 0
	})
	p.primary.kill()
	p.promote()
	p.ends(p.follower)
}

// says returns what a command prints.
func (p *pair) says(args ...string) string {
	p.t.Helper()
	var out, told bytes.Buffer
	if code := run(p.t.Context(), args, &out, &told); code != cli.Done {
		p.t.Errorf("%q ends with %d: %s", args, code, told.String())
	}
	return out.String()
}
