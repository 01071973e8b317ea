package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// logFiles returns those of a store's log.
func logFiles(t *testing.T, store string) []string {
	t.Helper()
	files, err := filepath.Glob(store + ".wal.[0-9]*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%q, %v; want a log", files, err)
	}
	return files
}

func TestAServerThatLacksItsLogIsRefusedAndOneThatWasKilledSaysNothing(t *testing.T) {
	p, book, config, store := damagedStore(t)
	p.kill()
	p = startProcess(t, book, config)
	p.kill()
	for line := range strings.SplitSeq(book.String(), "\n") {
		ours := !strings.Contains(line, "unknown_variable") // the test's own
		if ours && (strings.Contains(line, `"WARN"`) || strings.Contains(line, `"ERROR"`)) {
			t.Errorf("after a kill it says %s", line)
		}
	}
	for _, f := range logFiles(t, store) {
		if err := os.Rename(f, f+".gz"); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		book = newLogBook(t)
		if code := launch(t, book, "serve", "-c", config).wait(); code != cli.Damaged || !strings.Contains(book.String(), "--start-anew") {
			t.Errorf("without its log the server ended with %d and said:\n%s", code, book.String())
		}
	}
}

func TestALogThatGoesUnderARunningServerCostsNothing(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(f string) error{
		"removed": os.Remove,
		"renamed": func(f string) error { return os.Rename(f, f+"-20261120") },
		"cut":     func(f string) error { return os.Truncate(f, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			p, book, config, store := damagedStore(t)
			for _, f := range logFiles(t, store) {
				if err := take(f); err != nil {
					t.Fatal(err)
				}
			}
			// Taken or, once the server has noticed, turned away: then the messenger sends it again.
			first := messageUpdate(newUpdate(), newChat(), "news")
			taken := tryDeliver(t, p.url, first) == http.StatusOK
			if code := p.wait(); code != cli.Damaged || !strings.Contains(book.String(), filepath.Base(store)+".wal.") {
				t.Errorf("it ended with %d and said:\n%s", code, book.String())
			}
			again := startProcess(t, newLogBook(t), config)
			if !taken {
				if status := deliver(t, again.url, first); status != http.StatusOK {
					t.Errorf("an ask that was turned away got %d when it came again", status)
				}
			}
			if code, _ := again.end(); code != 0 {
				t.Errorf("the next one ended with %d", code)
			}
		})
	}
}

// TestNoPlatformsIDStandsInPlain neither in the log nor in the store, nor in a copy of
// it, whether the server was killed or ended.
func TestNoPlatformsIDStandsInPlain(t *testing.T) {
	p, book, config, store := damagedStore(t)
	chat := newChat()
	var ids []int64
	for _, text := range []string{"news", "forget me", "news"} {
		ids = append(ids, newUpdate())
		if status := deliver(t, p.url, messageUpdate(ids[len(ids)-1], chat, text)); status != http.StatusOK {
			t.Fatalf("%s: %d", text, status)
		}
	}
	looked := 0
	look := func(when string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Dir(store) + "/keypull.db*")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			content, err := os.ReadFile(f) //nolint:gosec // of this test
			if err != nil {
				continue // a socket
			}
			looked++
			for _, id := range ids {
				if bytes.Contains(content, []byte("/"+strconv.FormatInt(id, 10))) || bytes.Contains(content, fmt.Append(nil, id)) {
					t.Errorf("%s %s holds %d", when, filepath.Base(f), id)
				}
			}
		}
	}
	p.kill()
	look("after a kill")
	p = startProcess(t, book, config)
	if code, _ := p.end(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	look("after an end")
	if looked < 3 {
		t.Errorf("%d files were looked at", looked)
	}
}

// TestHoweverALogGoesItIsToldOrNothingIsLost has the files of a log go in each way,
// of a server that was killed, that ended, and while one runs.
func TestHoweverALogGoesItIsToldOrNothingIsLost(t *testing.T) {
	t.Parallel()
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	p := startProcess(t, book, config)
	ask := func(t *testing.T, at string, update, chat int64) {
		t.Helper()
		if status := deliver(t, at, messageUpdate(update, chat, "news")); status != http.StatusOK {
			t.Fatalf("the webhook answered %d", status)
		}
	}
	answered := func(t *testing.T, chat int64, n int) {
		t.Helper()
		eventually(t, "an answer", func() bool { return len(slices.Compact(api.sent(chat))) >= n })
	}
	update, chat := newUpdate(), newChat()
	ask(t, p.url, newUpdate(), chat)
	answered(t, chat, 1)
	before := folderOf(t, config)
	// Two files of the log are needed from here on, and none of before.
	if code, _, said := command(t.Context(), "backup", "-c", config, filepath.Join(t.TempDir(), "copy.db")); code != cli.Done {
		t.Fatal(said)
	}
	older := folderOf(t, config)
	ask(t, p.url, update, chat)
	answered(t, chat, 2)
	live := folderOf(t, config)
	p.kill()
	killed := folderOf(t, config)
	p = startProcess(t, book, config)
	if code, _ := p.end(); code != cli.Done {
		t.Fatalf("it ended with %d", code)
	}
	ended := folderOf(t, config)

	first := func(log []string) []string { return log[:1] }
	last := func(log []string) []string { return log[len(log)-1:] }
	all := func(log []string) []string { return log }
	itself := func(log []string) []string { return []string{filepath.Join(filepath.Dir(log[0]), "keypull.db")} }
	from := func(folder string) func(string) error {
		return func(f string) error {
			content, err := os.ReadFile(filepath.Join(folder, filepath.Base(f))) //nolint:gosec // of this test
			if err != nil {
				return err
			}
			return errors.Join(os.Remove(f), os.WriteFile(f, content, 0o600))
		}
	}
	for name, way := range map[string]struct {
		which func(log []string) []string
		take  func(f string) error
	}{
		"removed":                              {all, os.Remove},
		"first removed":                        {first, os.Remove},
		"last removed":                         {last, os.Remove},
		"renamed":                              {all, func(f string) error { return os.Rename(f, f+".1.gz") }},
		"emptied":                              {all, func(f string) error { return os.Truncate(f, 0) }},
		"cut":                                  {last, cutInItsMiddle},
		"an older copy":                        {last, from(older)},
		"an older copy beside the store alone": {itself, from(before)},
	} {
		there := func(t *testing.T, config string) []string {
			return way.which(logFiles(t, filepath.Join(filepath.Dir(config), "keypull.db")))
		}
		t.Run(name+"/killed", func(t *testing.T) {
			config := filepath.Join(folderOf(t, filepath.Join(killed, "config.toml")), "config.toml")
			for _, f := range there(t, config) {
				if err := way.take(f); err != nil {
					t.Fatal(err)
				}
			}
			refusedForItsLog(t, config)
		})
		if strings.HasSuffix(name, "alone") {
			continue // one that is removed while it runs has a test of its own
		}
		t.Run(name+"/running", func(t *testing.T) {
			t.Parallel() // each waits until it is looked at
			config := filepath.Join(folderOf(t, filepath.Join(killed, "config.toml")), "config.toml")
			book := newLogBook(t)
			p := startProcess(t, book, config)
			ask(t, p.url, newUpdate(), newChat())
			if code, _, said := command(t.Context(), "backup", "-c", config, filepath.Join(t.TempDir(), "copy.db")); code != cli.Done {
				t.Fatal(said)
			}
			late, reader := newUpdate(), newChat()
			ask(t, p.url, late, reader)
			answered(t, reader, 1)
			for _, f := range there(t, config) {
				take := way.take
				if name == "an older copy" {
					take = func(f string) error { return errors.Join(os.Remove(f), os.WriteFile(f, make([]byte, 4<<20), 0o600)) }
				}
				if err := take(f); err != nil {
					t.Fatal(err)
				}
			}
			if code := p.wait(); code != cli.Damaged || !strings.Contains(book.String(), "keypull.db.wal.") {
				t.Fatalf("it ended with %d and said:\n%s", code, book.String())
			}
			again := startProcess(t, newLogBook(t), config)
			ask(t, again.url, late, reader)
			ask(t, again.url, newUpdate(), reader)
			answered(t, reader, 2)
			if n := len(slices.Compact(api.sent(reader))); n != 2 {
				t.Errorf("%d answers: what was asked before was forgotten", n)
			}
			again.kill()
		})
	}
	t.Run("copied file by file", func(t *testing.T) {
		// The store, and later what its log was by then.
		config := filepath.Join(folderOf(t, filepath.Join(live, "config.toml")), "config.toml")
		for _, f := range logFiles(t, filepath.Join(older, "keypull.db")) {
			if err := from(older)(filepath.Join(filepath.Dir(config), filepath.Base(f))); err != nil {
				t.Fatal(err)
			}
		}
		refusedForItsLog(t, config)
	})
	t.Run("ended", func(t *testing.T) {
		if left, _ := filepath.Glob(filepath.Join(ended, "keypull.db.wal*")); len(left) > 0 {
			t.Fatalf("%q are left that could go", left)
		}
		config := filepath.Join(folderOf(t, filepath.Join(ended, "config.toml")), "config.toml")
		for _, f := range logFiles(t, filepath.Join(older, "keypull.db")) { // one of before comes back
			content, err := os.ReadFile(f) //nolint:gosec // of this test
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(filepath.Dir(config), filepath.Base(f)), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := startProcess(t, newLogBook(t), config)
		had := len(slices.Compact(api.sent(chat)))
		ask(t, p.url, update, chat)
		ask(t, p.url, newUpdate(), chat)
		answered(t, chat, had+1)
		if n := len(slices.Compact(api.sent(chat))); n != had+1 {
			t.Errorf("%d answers, want %d: what was asked before was forgotten", n, had+1)
		}
		p.kill()
		// And the store of before, without what it needs.
		remove := folderOf(t, filepath.Join(ended, "config.toml"))
		if err := from(older)(filepath.Join(remove, "keypull.db")); err != nil {
			t.Fatal(err)
		}
		refusedForItsLog(t, filepath.Join(remove, "config.toml"))
	})
}

// refusedForItsLog starts a server twice that has to say what is missing.
func refusedForItsLog(t *testing.T, config string) {
	t.Helper()
	for range 2 {
		book := newLogBook(t)
		code := launch(t, book, "serve", "-c", config).wait()
		if said := book.String(); code != cli.Damaged || !strings.Contains(said, "keypull.db.wal.") || !strings.Contains(said, "--start-anew") {
			t.Fatalf("it ended with %d and said:\n%s", code, said)
		}
	}
}

// cutInItsMiddle cuts a file in the middle of what was written into it.
func cutInItsMiddle(f string) error {
	content, err := os.ReadFile(f) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	const head = 4096
	return os.Truncate(f, int64(head+(len(bytes.TrimRight(content, "\x00"))-head)/2))
}

// folderOf copies the folder of a configuration as it is.
func folderOf(t *testing.T, config string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(config), "*"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	for _, f := range files {
		info, err := os.Lstat(f)
		if err != nil || !info.Mode().IsRegular() {
			continue // a socket, or gone by now
		}
		content, err := os.ReadFile(f) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
