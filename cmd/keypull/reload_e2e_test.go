package main

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// editing writes the configuration with some texts for others.
func (s *service) edits(t *testing.T, pairs ...string) {
	t.Helper()
	b, err := os.ReadFile(s.path)
	if err == nil {
		err = os.WriteFile(s.path, []byte(strings.NewReplacer(pairs...).Replace(string(b))), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoAskIsLostWhileTheConfigurationIsReadAgain(t *testing.T) {
	n := openNewsroom(t, `max_age = "10m"`)
	const readers, each = 8, 25
	var done atomic.Bool
	reloads := 0
	chats := make([]int64, readers*each)
	for i := range chats {
		chats[i] = newChat()
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer done.Store(true)
		inParallel(readers, func(i int) {
			for j := range each {
				n.tell(chats[i*each+j], "news")
			}
		})
	}()
	// The channel, the source and the keyword are other ones each time.
	for !done.Load() {
		reloads++
		n.edits(t, fmt.Sprintf("max_age = \"%dm\"", 9+reloads), fmt.Sprintf("max_age = \"%dm\"", 10+reloads),
			fmt.Sprintf("[publisher.channel.settings]\n%s", strings.Repeat("\n", reloads%2)), "[publisher.channel.settings]\n",
			"kind = \"telegram\"\n", fmt.Sprintf("kind = \"telegram\"\nnote = \"%d\"\n", reloads), fmt.Sprintf("note = \"%d\"\n", reloads-1), "")
		if got := n.printed(t, "reload"); got != "The configuration is in force; publishers that changed: lecker.\n" {
			t.Fatalf("reload %d printed %q", reloads, got)
		}
	}
	<-ended
	eventually(t, "every reader has a reply", func() bool { return len(n.api.arrived()) == len(chats) })
	n.settled()
	for chat, got := range n.api.arrived() {
		if len(got) != 1 || !strings.Contains(got[0], "First edition") {
			t.Errorf("reader %d got %q", chat, got)
		}
	}
	if reloads < 2 {
		t.Errorf("the configuration was read again %d times", reloads)
	}
}

func TestWhatTheFileSaysNowAnswers(t *testing.T) {
	n := openNewsroom(t, `max_age = "10m"`)
	n.asks("First edition")
	n.edits(t, `phrases = { en = ["news"] }`, `phrases = { en = ["headlines"] }`)
	n.printed(t, "reload")
	if got := n.reply(n.api, newChat(), "headlines"); !strings.Contains(got, "First edition") {
		t.Errorf("the new word answers %q", got)
	}
	// What was fetched is still there: the source is the one from before.
	n.requests(1)
	if got := n.printed(t, "reload"); got != "The configuration is in force; no publisher changed.\n" {
		t.Errorf("a file that did not change: %q", got)
	}
	n.edits(t, "[fetch]", "[log]\nlevel = \"error\"\n[fetch]")
	n.printed(t, "reload")
	if n.reloading.level.Level().String() != "ERROR" {
		t.Errorf("the level is %s", n.reloading.level.Level())
	}
	// A publisher that leaves the file is asked no more, and finds what was kept when it is back.
	n.edits(t, `id = "lecker"`, `id = "other"`)
	if got := n.printed(t, "reload"); !strings.Contains(got, "lecker, other") {
		t.Errorf("reload printed %q", got)
	}
	n.edits(t, `id = "other"`, `id = "lecker"`, "headlines", "news")
	n.printed(t, "reload")
	n.asks("First edition")
	n.requests(1)
}

func TestAConfigurationThatIsNotTakenLeavesTheOldOneInForce(t *testing.T) {
	for name, tt := range map[string]struct{ from, to, want string }{
		"broken syntax":         {"[fetch]", "[[[fetch]", "config.toml:8: This is no TOML"},
		"a key that is none":    {"[fetch]", "[fetch]\nfoo = 1", "config.toml:9: fetch.foo: There is no such setting"},
		"an unset variable":     {`"Lecker"`, `"${NOBODY_SET_THIS}"`, "config.toml:13: publisher.name: The environment has no variable NOBODY_SET_THIS"},
		"another address":       {`"127.0.0.1:0"`, `"127.0.0.1:9"`, "config.toml:3: server.listen: This counts at a start alone"},
		"another key file":      {`"keypull.key"`, `"other.key"`, "config.toml:7: secrets.key_file: This counts"},
		"memory":                {"[store]", "memory = \"256MiB\"\n[store]", "config.toml:4: server.memory: This counts"},
		"another store, beside": {"url = \"bolt:keypull.db\"", "url = \"bolt:keypull.db\"\nmin_free = \"1MiB\"", "config.toml:6: store.min_free: This counts"},
		"an app":                {"[[publisher]]", "[[app]]\nid = \"a\"\nkind = \"meta\"\nsettings = { app_secret = \"x0123456789abcdef\", verify_token = \"v\" }\n[[publisher]]", ": app: This counts"},
	} {
		t.Run(name, func(t *testing.T) {
			n := openNewsroom(t, `max_age = "10m"`)
			n.edits(t, tt.from, tt.to, `phrases = { en = ["news"] }`, `phrases = { en = ["headlines"] }`)
			code, stdout, stderr := n.run("reload")
			if code != 1 || stdout != "" || !strings.Contains(stderr, tt.want) || !strings.HasSuffix(stderr, "Nothing was changed: the configuration from before goes on.\n") {
				t.Errorf("reload ended with %d, printed %q and said %q", code, stdout, stderr)
			}
			n.asks("First edition")
			if !strings.Contains(n.log.String(), "is not taken") {
				t.Error("the log does not tell")
			}
		})
	}
	n := openNewsroom(t, `max_age = "10m"`)
	n.edits(t, "bolt:keypull.db", "bolt:elsewhere.db")
	n.runs(t, []commandLine{{"another store", "reload", 69, "", "No server runs on elsewhere.db. Where one was started with another store, this one needs a restart: store.url."}})
}

func TestAServerThatIsHungUpReadsItsConfigurationAgain(t *testing.T) {
	site := newNewsSite(t)
	feed := site.feed("feed.xml", "First edition")
	book := newLogBook(t)
	path := writeConfig(t, feedBlock("news", feed.url(), ""), keywordBlock("news", "news"), chatBlock())
	p := startProcess(t, book, path)
	for i, want := range []string{`"msg":"read the configuration again","publishers":["lecker"],"level":"info"`, `"path":"server.listen"`, `"msg":"read the configuration again","publishers":["lecker"],"level":"debug"`} {
		edit := [][2]string{{`en = ["news"]`, `en = ["headlines"]`}, {"127.0.0.1:0", "127.0.0.1:1"}, {"127.0.0.1:1", "127.0.0.1:0"}}[i]
		b, err := os.ReadFile(path) //nolint:gosec // of this test
		text := strings.Replace(string(b), edit[0], edit[1], 1)
		if i == 2 {
			text = strings.Replace(text, "headlines", "titles", 1) + "\n[log]\nlevel = \"debug\"\n"
		}
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err == nil {
			err = p.cmd.Process.Signal(syscall.SIGHUP)
		}
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the log tells "+want, func() bool { return strings.Contains(book.String(), want) })
	}
	if code, _ := p.end(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}
