package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/store/sealed"
)

// balancer leads to each process in its turn that is ready, as a load balancer does.
type balancer struct {
	*httptest.Server
	mu    sync.Mutex
	nodes []*process
	turn  int
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	b := &balancer{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		nodes := slices.Clone(b.nodes)
		b.turn++
		turn := b.turn
		b.mu.Unlock()
		for i := range nodes {
			if p := nodes[(turn+i)%len(nodes)]; isReady(p) {
				to, _ := url.Parse(p.url)
				httputil.NewSingleHostReverseProxy(to).ServeHTTP(w, r)
				return
			}
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *balancer) add(p *process) *process {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = append(b.nodes, p)
	return p
}

// isReady reports whether a process takes what comes.
func isReady(p *process) bool {
	got, err := tryRequest(http.MethodGet, p.url+"/readyz", "", nil)
	return err == nil && got.status == http.StatusOK
}

// isWaiting reports whether a process waits, and works whether it is ready and does not.
func isWaiting(p *process) bool {
	got, err := tryRequest(http.MethodGet, p.url+"/readyz", "", nil)
	return err == nil && strings.Contains(got.body, `"waiting":true`)
}

func works(p *process) bool { return isReady(p) && !isWaiting(p) }

// apart are keypulls at a database, each with a folder of its own.
type apart struct {
	*testing.T
	db   *database
	book *logBook
	lead *balancer
}

// folder makes a folder with a configuration and the key file of another one.
func (a *apart) folder(of, secret string) (config string) {
	a.Helper()
	config = filepath.Join(a.TempDir(), "config.toml")
	text, err := os.ReadFile(of) //nolint:gosec // of this test
	if err == nil {
		err = os.WriteFile(config, []byte(strings.Replace(string(text), nodeSecret, secret, 1)), 0o600)
	}
	if err == nil {
		text, err = os.ReadFile(filepath.Join(filepath.Dir(of), "keypull.key"))
	}
	if err == nil {
		err = os.WriteFile(keysOf(config), text, 0o600)
	}
	if err != nil {
		a.Fatal(err)
	}
	return config
}

func (a *apart) launch(config string) *process {
	a.Helper()
	return a.lead.add(launch(a, a.book, "serve", "-c", config))
}

// names are those of the wrapping keys beside a configuration.
func (a *apart) names(config string) []string {
	a.Helper()
	names, err := sealed.HeldWrapping(keysOf(config))
	if err != nil {
		a.Fatal(err)
	}
	return names
}

// agree waits until both folders have the same wrapping keys, and no key that is no more.
func (a *apart) agree(one, other string, n int, gone ...string) {
	a.Helper()
	eventually(a, "the wrapping keys are the same", func() bool {
		names := a.names(one)
		return len(names) == n && slices.Equal(names, a.names(other))
	})
	for _, id := range gone {
		if slices.Contains(a.names(other), id) {
			a.Errorf("%s is there still", id)
		}
	}
}

// age has the wrapping keys beside a configuration be older.
func (a *apart) age(config string, by time.Duration) {
	a.Helper()
	const sector, mark, text = 512, 16, 64
	file := sealed.WrappingOf(keysOf(config))
	b, err := os.ReadFile(file) //nolint:gosec // of this test
	for at := 0; at+sector <= len(b); at += sector {
		s := b[at : at+sector]
		if string(s[:7]) != "keypull" {
			continue
		}
		made := s[mark+8:]
		binary.BigEndian.PutUint64(made, binary.BigEndian.Uint64(made)-uint64(by.Seconds()))
		sum := sha256.Sum256(s[:text])
		copy(s[text:], sum[:])
	}
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		a.Fatal(err)
	}
}

func keysOf(config string) string { return filepath.Join(filepath.Dir(config), "keypull.key") }

const nodeSecret = "a secret of all nodes"

// TestKeypullsWithoutACommonFolder take over from one another: the key that wraps those in the database
// comes from the one that works, and one that is destroyed there is destroyed at each before it works.
func TestKeypullsWithoutACommonFolder(t *testing.T) {
	t.Parallel()
	a := &apart{t, serveDatabase(t), newLogBook(t), newBalancer(t)}
	a.db.keys = keysInside
	a.book.keepOut(nodeSecret)
	api, chat := newBotAPI(t), newChat()
	first := a.db.config(writeConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL),
		fmt.Sprintf("[standby]\nsecret = %q\nof = %q\n", nodeSecret, a.lead.URL)), "first.toml")
	knows := func(p *process, when string) {
		t.Helper()
		before := len(api.sent(chat))
		if got := request(t, http.MethodPost, p.url+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, "xyzzy"), telegramHeader()); got.status != http.StatusOK {
			t.Fatalf("%s: %d", when, got.status)
		}
		if got := replyAt(t, api, chat, before); !strings.Contains(got, "Je ne connais pas") {
			t.Errorf("%s: the reader is answered %q", when, got)
		}
	}
	one := a.lead.add(startProcess(t, a.book, first))
	request(t, http.MethodPost, one.url+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, "language fr"), telegramHeader())
	replyAt(t, api, chat, 0)
	knows(one, "at first")

	second, wrong := a.folder(first, nodeSecret), a.folder(first, "another secret of nodes")
	two, three := a.launch(second), a.launch(wrong)
	a.agree(first, second, 1)
	eventually(t, "who can't take over is told", func() bool {
		var told serviceStatus
		code, out, _ := command(t.Context(), "status", "--json", "-c", first)
		keyless := 0
		if err := json.Unmarshal([]byte(out), &told); err != nil || code != cli.Done || len(told.Nodes) != 3 {
			return false
		}
		for _, n := range told.Nodes {
			if n.Keyless && n.State == nodeWaits {
				keyless++
			}
		}
		return keyless == 1
	})
	eventually(t, "who has another secret says so", func() bool { return strings.Contains(a.book.String(), "has another secret in [standby]") })
	for _, config := range []string{first, second} {
		if code, out, said := command(t.Context(), "ask", "-c", config, "hours"); code != cli.Done || !strings.Contains(out, "Open from 9 to 17.") {
			t.Errorf("a command beside %s ends with %d: %s%s", config, code, out, said)
		}
	}
	if code, _, said := command(t.Context(), "ask", "-c", wrong, "hours"); code == cli.Done || !strings.Contains(said, "has another secret in [standby]") {
		t.Errorf("a command with another secret ends with %d: %s", code, said)
	}
	if got := a.names(wrong); len(got) > 0 {
		t.Errorf("with another secret it has %q", got)
	}
	one.kill()
	killed := time.Now()
	eventually(t, "the waiting one works", func() bool { return works(two) })
	t.Logf("ready %s after the kill", time.Since(killed).Round(time.Millisecond))
	knows(two, "after the first one was killed")
	if code, _ := two.end(); code != cli.Done {
		t.Errorf("the second one ended with %d", code)
	}
	eventually(t, "who lacks the key says what to do", func() bool { return strings.Contains(a.book.String(), "start the one that worked last") })
	if works(three) {
		t.Error("one without the key works")
	}
	three.kill()

	// A night later the second one wraps by a new key, and dies. The first one has been away.
	former := a.names(first)
	a.age(second, 23*time.Hour)
	two = a.launch(second)
	eventually(t, "the keys are wrapped anew", func() bool {
		var by string
		a.db.ask("select string_agg(distinct wrapper, ' ') from keypull_key_page", &by)
		return !strings.Contains(by, former[0]) && len(a.names(second)) == 2
	})
	two.kill()
	const refused = "this keypull can't take over"
	said := strings.Count(a.book.String(), refused)
	one = a.launch(first)
	eventually(t, "who was away does not work", func() bool { return strings.Count(a.book.String(), refused) > said })
	if works(one) {
		t.Error("one that was away works without the key")
	}
	two = a.launch(second)
	eventually(t, "the one that has the key works", func() bool { return works(two) })
	a.agree(second, first, 2)
	knows(two, "once it is wrapped anew")

	// An hour later the former key is destroyed where it works, and then where it is away.
	one.kill()
	if code, _ := two.end(); code != cli.Done {
		t.Errorf("the second one ended with %d", code)
	}
	a.age(second, 2*time.Hour)
	two = a.launch(second)
	eventually(t, "the one that has the key works", func() bool { return works(two) })
	if slices.Contains(a.names(second), former[0]) {
		t.Error("the former key is there where it works")
	}
	one = a.launch(first)
	a.agree(second, first, 1, former...)

	// One that is stopped is taken over from, and does nothing when it goes on.
	signalTo(t, two, "STOP")
	eventually(t, "the first one works again", func() bool { return works(one) })
	knows(one, "after the second one was stopped")
	signalTo(t, two, "CONT")
	if code := two.wait(); code == cli.Done {
		t.Error("one that was taken over from goes on")
	}
	knows(one, "after the second one went on")
}

// replyAt waits for what a chat is sent behind so many texts.
func replyAt(t *testing.T, api *botAPI, chat int64, before int) (text string) {
	t.Helper()
	eventually(t, "the reader is answered", func() bool {
		sent := api.sent(chat)
		if len(sent) > before {
			text = sent[before]
		}
		return len(sent) > before
	})
	return text
}
