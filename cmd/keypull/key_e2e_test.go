package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/standby"
	"keypull/store/sealed"
)

// rotates makes a new master key, and returns its sheet.
func (s *service) rotates(t *testing.T) (sheet string) {
	t.Helper()
	code, sheet, said := s.run("key rotate --yes")
	if code != cli.Done || !strings.Contains(said, "The master key is ") {
		t.Fatalf("key rotate ended with %d, printed %q and said %q", code, sheet, said)
	}
	return sheet
}

// keyLines returns the lines of a key file, the latest master key first.
func keyLines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // of a test
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(b))
}

func writeKeyLines(t *testing.T, path string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What a former master key sealed is sealed anew: of two that are former now, the one between is taken
// out of the key file, and nothing is missed. The first one stays, which readers' names follow from.
func TestWhatAFormerMasterKeySealedIsSealedAnew(t *testing.T) {
	api := newBotAPI(t)
	s := askedHouse(t)
	s.admin().add("lecker", "channel", botDoc("tg", api, nil))
	s.reply(api, stayingReader, "my city Graz")
	s.says(askingSession, "hours")
	proof := codeIn.FindString(s.says(askingSession, "PROOF"))
	s.rotates(t)
	s.reply(api, leavingReader, "my city Linz")
	s.rotates(t)
	var told struct{ Key rotatedKey }
	if err := json.Unmarshal([]byte(s.printed(t, "status --json")), &told); err != nil || told.Key.Rotating {
		t.Errorf("status tells %+v, %v", told.Key, err)
	}
	s.settled()
	s.stop()
	all := keyLines(t, s.file("keypull.key"))
	if len(all) != 3 {
		t.Fatalf("%d master keys in the file", len(all))
	}
	writeKeyLines(t, s.file("keypull.key"), all[0], all[2])
	s.start()
	for chat, city := range map[int64]string{stayingReader: "Graz", leavingReader: "Linz"} {
		if got := s.reply(api, chat, "MYDATA"); !strings.Contains(got, city) {
			t.Errorf("of %s is told %q", city, got)
		}
	}
	if got := s.says(askingSession, "CHECK "+proof); proof == "" || !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("of a proof of before is told %q", got)
	}
	if code, out, said := s.run("check --offline"); code != cli.Done {
		t.Errorf("check: %d, %s%s", code, out, said)
	}
	s.stop()
	writeKeyLines(t, s.file("keypull.key"), all[1:]...)
	if code, _, said := s.run("check"); code == cli.Done {
		t.Errorf("the former key file opens the store: %s", said)
	}
	if code, _, said := s.run("user list"); code != cli.Damaged {
		t.Errorf("with the former key file: %d, %s", code, said)
	}
}

// must returns a value that there must be.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// An archive of before a rotation goes with the newest half and the sheet of now; the sheet of before
// does not, and the sentence says which is wanted.
func TestABackupOfBeforeARotationIsRestoredWithTheNewSheet(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "my city Graz")
	before := h.backsUp(t)
	former := string(must[[]byte](t)(os.ReadFile(h.file("sheet.txt"))))
	sheet := h.rotates(t)
	after := h.backsUp(t)
	h.stop()
	halves := halvesMade{before.Archive, after.Newest}
	code, _, said := command(t.Context(), strings.Fields(h.restoreLine(halves, filepath.Join(t.TempDir(), "refused")))...)
	if code == cli.Done || !strings.Contains(said, "take the sheet that was printed with that one") {
		t.Errorf("with the former sheet: %d, %q", code, said)
	}
	if !strings.Contains(sheet, "These 4 lines are the key file") || !strings.Contains(former, "These 2 lines are the key file") {
		t.Errorf("the sheets are %q and %q", former, sheet)
	}
	if err := os.WriteFile(h.file("sheet.txt"), []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	again, _ := h.restores(t, halves)
	again.start()
	t.Cleanup(again.stop)
	if got := again.reply(h.api, stayingReader, "MYDATA"); !strings.Contains(got, "Graz") {
		t.Errorf("after it was put back, of the reader is told %q", got)
	}
}

// Asks go on while the key changes, and a server that is killed at any time goes on with it.
func TestARotationGoesOnOverKilledServersWithoutALostAsk(t *testing.T) {
	api, book := newBotAPI(t), newLogBook(t)
	config, _ := changingNews(t, api)
	p := startProcess(t, book, config)
	key := filepath.Join(filepath.Dir(config), "keypull.key")
	before := keyLines(t, key)
	var chats []int64
	ask := func() {
		t.Helper()
		chat := newChat()
		chats = append(chats, chat)
		if status := deliver(t, p.url, messageUpdate(newUpdate(), chat, "news")); status != http.StatusOK {
			t.Fatalf("the webhook answered %d", status)
		}
	}
	for range 20 {
		ask()
	}
	for round := range 3 {
		if err := sealed.PlaceNext(key, sealed.NextKey(must[[]byte](t)(sealed.ReadKey(key)))); err != nil {
			t.Fatal(err)
		}
		ask()
		if round == 2 {
			if code, _, said := command(t.Context(), "do", "key.rotate", "-c", config); code != cli.Done {
				t.Fatal(said)
			}
		}
		p.kill()
		p = startProcess(t, book, config) // which takes up what was placed
		ask()
		time.Sleep(time.Duration(round) * 10 * time.Millisecond)
	}
	code, out, said := command(t.Context(), "do", "key.rotate", "-c", config)
	if code != cli.Done || strings.Contains(out, `"rotating": true`) {
		t.Fatalf("%d, %s%s", code, out, said)
	}
	for _, chat := range chats {
		eventually(t, "an answer", func() bool { return len(slices.Compact(api.sent(chat))) > 0 })
	}
	if code, _ := p.end(); code != cli.Done {
		t.Fatalf("it ended with %d", code)
	}
	writeKeyLines(t, key, before...)
	if code, _, said := command(t.Context(), "serve", "-c", config); code != cli.Damaged {
		t.Errorf("with the key file of before: %d, %s", code, said)
	}
}

// Nobody who did not put the sheet away has a new key.
func TestARotationAsksWhetherTheSheetIsPutAway(t *testing.T) {
	s := askedHouse(t)
	before := keyLines(t, s.file("keypull.key"))
	code, sheet, said := s.run("key rotate")
	if code == cli.Done || !strings.Contains(said, "Nothing was changed") || !strings.Contains(sheet, "KEYPULL") {
		t.Errorf("%d, %q, %q", code, sheet, said)
	}
	if !slices.Equal(keyLines(t, s.file("keypull.key")), before) {
		t.Error("the key file is another")
	}
}

// A standby goes on with keys that a new master key wraps, and takes over once it has that one.
func TestAStandbyTakesOverWithTheNewMasterKeyAlone(t *testing.T) {
	p := newPair(t, "")
	p.follow()
	p.says("key", "rotate", "--yes", "-c", p.configs[0])
	id, err := sealed.KeyID(must[[]byte](t)(sealed.ReadKey(p.file(0, "keypull.key"))))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the standby knows of the new key", func() bool {
		state, ok, err := standby.ReadState(p.file(1, "keypull.db"))
		return err == nil && ok && state.Key == id
	})
	eventually(t, "it has what that key wraps", func() bool {
		return bytes.Equal(must[[]byte](t)(os.ReadFile(p.file(0, "keypull.key.slots"))), must[[]byte](t)(os.ReadFile(p.file(1, "keypull.key.slots"))))
	})
	if !strings.Contains(p.book.String(), "cannot take over with its key file") {
		t.Error("the log does not say so")
	}
	p.primary.kill()
	p.follower.kill()
	if code, _, said := command(t.Context(), "standby", "promote", "-c", p.configs[1]); code != cli.Damaged || !strings.Contains(said, id) {
		t.Errorf("with the key file of before: %d, %s", code, said)
	}
	writeKeyLines(t, p.file(1, "keypull.key"), keyLines(t, p.file(0, "keypull.key"))...)
	p.says("standby", "promote", "-c", p.configs[1])
	p.ends(startProcess(t, p.book, p.configs[1]))
}
