package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// nodes are keypulls at a database, each of which takes what comes.
type nodes struct {
	*testing.T
	db      *database
	book    *logBook
	configs []string

	mu   sync.Mutex
	up   []*process // by their configuration; nil where it is off
	turn int
}

// startNodes starts some, of which the first one works.
func startNodes(t *testing.T, n int, lines ...string) *nodes {
	t.Helper()
	ns := &nodes{T: t, db: serveDatabase(t), book: newLogBook(t)}
	path := writeConfig(t, lines...)
	for i := range n {
		ns.configs = append(ns.configs, ns.db.config(path, fmt.Sprintf("node%d.toml", i)))
		ns.up = append(ns.up, nil)
		ns.launch(i)
	}
	return ns
}

// launch starts a node, and returns once it takes what comes.
func (ns *nodes) launch(i int) {
	ns.Helper()
	p := launch(ns.T, ns.book, "serve", "-c", ns.configs[i])
	eventually(ns, "the node is ready", func() bool { return isReady(p) })
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.up[i] = p
}

// down takes a node from those that are up.
func (ns *nodes) down(i int) *process {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	p := ns.up[i]
	ns.up[i] = nil
	return p
}

// working returns which node works.
func (ns *nodes) working() int {
	ns.Helper()
	found := -1
	eventually(ns, "a node works", func() bool {
		found = slices.IndexFunc(ns.up, func(p *process) bool { return p != nil && works(p) })
		return found >= 0
	})
	return found
}

// next returns the address of each node in its turn that is up, whether it works or waits.
func (ns *nodes) next() string {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	for {
		ns.turn++
		if p := ns.up[ns.turn%len(ns.up)]; p != nil {
			return p.url
		}
	}
}

// signalTo stops a process by STOP, or has it go on by CONT.
func signalTo(t *testing.T, p *process, name string) {
	t.Helper()
	if out, err := exec.Command("kill", "-"+name, fmt.Sprint(p.cmd.Process.Pid)).CombinedOutput(); err != nil { //nolint:gosec // of this test
		t.Fatalf("%v: %s", err, out)
	}
}

// TestEveryNodeTakesWhatComes: three nodes are asked in turn, by hooks and by a web chat, while the one that works is told to
// end, is killed and is stopped. Whatever was told to be accepted is answered, no request is refused at an
// orderly end, and what is asked of whom is not to be told apart.
func TestEveryNodeTakesWhatComes(t *testing.T) {
	t.Parallel()
	api := newBotAPI(t)
	feed := newNewsSite(t).feed("feed.xml", "")
	feed.each = func(request int) string { return fmt.Sprintf("Edition %d", request) }
	ns := startNodes(t, 3, feedBlock("news", feed.url(), `max_age = "1h"`), keywordBlock("news", "news"), telegramBlock(api.URL), chatBlock())
	over := make(chan struct{})
	c, l := &chatters{next: ns.next, over: over}, &hookLoad{next: ns.next, asks: "news", over: over}
	goesOn := func(when string) {
		t.Helper()
		asked, chatted := l.count()+100, c.count()+20
		eventually(t, "the load goes on "+when, func() bool { return l.count() >= asked && c.count() >= chatted })
	}
	c.start(2)
	l.start(4)
	goesOn("at first")
	refused := func(but string) int { return l.refused.count(but) + c.refused.count(but) }
	if refused := refused(""); refused > 0 {
		t.Errorf("%d requests were refused", refused)
	}
	var atEnd, atKill, atStop int
	rounds := 1
	if n, err := strconv.Atoi(os.Getenv("KEYPULL_KILL_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	for range rounds {
		i := ns.working()
		ends := ns.down(i)
		before := refused(ends.url) // what it was asked itself is refused once it has left
		if code, _ := ends.end(); code != cli.Done {
			t.Errorf("it ended with %d", code)
		}
		goesOn("after an orderly end")
		atEnd += refused(ends.url) - before
		ns.launch(i)

		i, before = ns.working(), refused("")
		ns.down(i).kill()
		goesOn("after a kill")
		atKill += refused("") - before
		ns.launch(i)

		i, before = ns.working(), refused("")
		stopped := ns.down(i)
		signalTo(t, stopped, "STOP")
		time.Sleep(4 * time.Second)
		signalTo(t, stopped, "CONT")
		goesOn("after one was stopped")
		atStop += refused("") - before
		ns.mu.Lock()
		ns.up[i] = stopped
		ns.mu.Unlock()
	}
	goesOn("at last")
	close(over)
	l.wait.Wait()
	c.wait.Wait()

	eventually(t, "every reader has the answer", func() bool {
		arrived := api.arrived()
		return !slices.ContainsFunc(l.chats, func(chat int64) bool { return len(arrived[chat]) == 0 })
	})
	settles(t, ns.next())
	arrived, twice := api.arrived(), 0
	for _, chat := range l.chats {
		if len(arrived[chat]) > 1 {
			twice++
		}
		if different := len(slices.Compact(arrived[chat])); different > 1 || !strings.Contains(arrived[chat][0], "Edition 1") {
			t.Errorf("the reader %d has %q", chat, arrived[chat])
		}
	}
	if fetched := len(feed.requests); fetched != 1 {
		t.Errorf("one item was fetched %d times", fetched)
	}
	if atEnd > 0 {
		t.Errorf("%d requests were refused at an orderly end", atEnd)
	}
	t.Logf("%d asks over a hook and %d over the web chat through three nodes, none lost, %d answers twice; requests that were refused: %d at an orderly end, %d at a kill, %d at a stop",
		len(l.updates), c.count(), twice, atEnd, atKill, atStop)
}

// TestANodeThatWaitsForwardsAsThoughItWorked: streams, addresses, STOP, and what it says of itself.
func TestANodeThatWaitsForwardsAsThoughItWorked(t *testing.T) {
	t.Parallel()
	api := newBotAPI(t)
	ns := startNodes(t, 2, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL), chatBlock())
	first, waits := ns.up[0].url, ns.up[1].url
	session := chatAt(t, waits, `{"text":"hours","id":"a"}`)
	if !strings.Contains(session.text(), "Open from 9 to 17.") {
		t.Errorf("through the one that waits came %+v", session)
	}
	chat := newChat()
	for i, step := range []struct{ at, text, says string }{
		{first, "hours", "Open from 9 to 17."}, {waits, "stop", "START"}, {first, "hours", "You said STOP"}, {waits, "start", "This is Lecker"}, {first, "hours", "Open from 9 to 17."},
	} {
		before := len(api.sent(chat))
		if got := request(t, http.MethodPost, step.at+"/hook/lecker/tg", messageUpdate(newUpdate(), chat, step.text), telegramHeader()); got.status != http.StatusOK {
			t.Fatalf("step %d: %d", i, got.status)
		}
		settles(t, waits)
		sent := api.sent(chat)
		if told := strings.Join(sent[before:], "\n"); !strings.Contains(told, step.says) {
			t.Errorf("step %d, %s: told %q", i, step.text, told)
		}
	}
	for _, at := range []string{first, waits} {
		for path, want := range map[string]int{"/healthz": http.StatusOK, "/nothing": http.StatusNotFound, "/metrics": http.StatusOK, "/console": http.StatusSeeOther} {
			if got := request(t, http.MethodGet, at+path, "", nil); got.status != want {
				t.Errorf("%s%s is %d", at, path, got.status)
			}
		}
	}
	eventually(t, "one works and one waits, and both are ready", func() bool { return works(ns.up[0]) && isReady(ns.up[1]) && isWaiting(ns.up[1]) })
	if got := request(t, http.MethodGet, waits+"/metrics", "", nil); strings.Count(got.body, "\nkeypull_node_works{node=") != 2 {
		t.Errorf("the nodes are not told in %s", got.body)
	}
	if got := request(t, http.MethodGet, waits+"/readyz", "", map[string]string{"Keypull-Node": "a guess"}); got.status != http.StatusServiceUnavailable {
		t.Errorf("with a guessed pass it is %d", got.status)
	}
	if got := request(t, http.MethodGet, first+"/readyz", "", map[string]string{"Keypull-Node": "a guess"}); got.status != http.StatusServiceUnavailable {
		t.Errorf("with a guessed pass it is %d", got.status)
	}
	events := openStream(t, waits, session.Session, "")
	ns.down(0).kill()
	if _, err := io.Copy(io.Discard, events); err != nil {
		t.Logf("the stream through the one that waits ends with its node: %v", err)
	}
	if got := chatAt(t, waits, fmt.Sprintf(`{"text":"hours","id":"b","session":%q}`, session.Session)); !strings.Contains(got.text(), "Open from 9 to 17.") {
		t.Errorf("held until it works itself, it answers %+v", got)
	}
}

// chatAt asks at the web chat of a node.
func chatAt(t *testing.T, url, body string) (a chatAnswer) {
	t.Helper()
	got := request(t, http.MethodPost, url+"/chat/lecker/web/messages", body, jsonHeader)
	if err := json.Unmarshal([]byte(got.body), &a); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	return a
}
