package main

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// damagedStore starts a server, has it answer one reader, and returns where its
// store is.
func damagedStore(t *testing.T) (p *process, book *logBook, config, store string) {
	t.Helper()
	api := newBotAPI(t)
	book = newLogBook(t)
	config, _ = changingNews(t, api)
	p = startProcess(t, book, config)
	chat := newChat()
	if status := deliver(t, p.url, messageUpdate(newUpdate(), chat, "news")); status != http.StatusOK {
		t.Fatalf("the webhook answered %d", status)
	}
	eventually(t, "an answer", func() bool { return len(api.sent(chat)) == 1 })
	return p, book, config, filepath.Join(filepath.Dir(config), "keypull.db")
}

func TestAServerWhoseStoreIsGoneEndsWithASentence(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"removed": os.Remove,
		"cut":     func(path string) error { return os.Truncate(path, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			p, book, _, store := damagedStore(t)
			if err := lose(store); err != nil {
				t.Fatal(err)
			}
			if status := tryDeliver(t, p.url, messageUpdate(newUpdate(), newChat(), "news")); status == http.StatusOK {
				t.Error("an ask was acknowledged into a file that is gone")
			}
			if code := p.wait(); code != cli.Damaged {
				t.Errorf("the server ended with %d, want %d", code, cli.Damaged)
			}
			if said := book.String(); !strings.Contains(said, "keypull: the store ") || !strings.Contains(said, store) || strings.Contains(said, "goroutine 1 [") {
				t.Errorf("no sentence:\n%s", said)
			}
		})
	}
}

func TestADamagedStoreIsASentenceAtTheStart(t *testing.T) {
	p, _, config, store := damagedStore(t)
	p.kill()
	content, err := os.ReadFile(store) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 * 4096 {
		content[i] ^= 0xff
	}
	if err := os.WriteFile(store, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "-c", config}, {"backup", "-c", config, store + ".copy"}} {
		code, _, stderr := command(t.Context(), args...)
		if code != cli.Damaged || !strings.Contains(stderr, store) || !strings.Contains(stderr, "keypull backup") {
			t.Errorf("%v ended with %d and said %q", args, code, stderr)
		}
	}
}

func TestABackupNeverGoesOntoALiveFile(t *testing.T) {
	p, _, config, store := damagedStore(t)
	folder := filepath.Dir(config)
	symbolic, hard := filepath.Join(folder, "symbolic"), filepath.Join(folder, "hard")
	if err := errors.Join(os.Symlink(store, symbolic), os.Link(filepath.Join(folder, "keypull.key"), hard)); err != nil {
		t.Fatal(err)
	}
	refused := func(t *testing.T) {
		t.Helper()
		for _, to := range []string{store, symbolic, hard, filepath.Join(folder, "keypull.key"), filepath.Join(folder, "keypull.key.slots"), config, socketPath(store)} {
			for _, flag := range []string{"--overwrite", "--keys"} {
				if code, _, stderr := command(t.Context(), "backup", "-c", config, flag, to); code != cli.Findings || !strings.Contains(stderr, "choose another") {
					t.Errorf("backup %s %s ended with %d and said %q", flag, to, code, stderr)
				}
			}
		}
	}
	t.Run("with a server", refused)
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("the server ended with %d", code)
	}
	t.Run("without one", refused)
	if code, _, stderr := command(t.Context(), "backup", "-c", config, filepath.Join(folder, "copy.db")); code != cli.Done {
		t.Errorf("a backup ended with %d and said %q", code, stderr)
	}
}

// tryDeliver is deliver to a server that may end meanwhile: 0 where nothing is
// answered.
func tryDeliver(t *testing.T, url, update string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/hook/lecker/tg", strings.NewReader(update))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range telegramHeader() {
		r.Header.Set(name, value)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	_ = got.Body.Close()
	return got.StatusCode
}
