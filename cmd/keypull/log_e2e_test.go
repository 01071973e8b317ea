package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// logFiles are those of a store's log.
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
			first := newUpdate()
			status := tryDeliver(t, p.url, messageUpdate(first, newChat(), "news"))
			if code := p.wait(); code != cli.Damaged || !strings.Contains(book.String(), filepath.Base(store)+".wal.") {
				t.Errorf("it ended with %d and said:\n%s", code, book.String())
			}
			again := startProcess(t, newLogBook(t), config)
			if status != http.StatusOK {
				t.Fatalf("an ask before it was noticed got %d", status)
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
