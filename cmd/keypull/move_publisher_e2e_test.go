package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// TestPublishersMoveIntoAnInstallationOfTheirOwn: each of the two that come of it knows its own readers,
// and opens nothing of those of the other.
func TestPublishersMoveIntoAnInstallationOfTheirOwn(t *testing.T) {
	t.Run("from a file to a file", func(t *testing.T) { divide(t, nil, false) })
	for name, keys := range whereKeysLie {
		t.Run("from a file to a database, "+name, func(t *testing.T) {
			db := serveDatabase(t)
			db.keys = keys
			divide(t, db, false)
		})
		t.Run("from a database to a file, "+name, func(t *testing.T) {
			db := serveDatabase(t)
			db.keys = keys
			divide(t, db, true)
		})
	}
}

// divide moves one of two publishers, into a database or out of it where there is one.
func divide(t *testing.T, db *database, out bool) {
	inFile, folder, api := filepath.Join(t.TempDir(), "config.toml"), t.TempDir(), newBotAPI(t)
	head := strings.Replace(consoleHead, "[store]", "[store]\ndurable = \"trusted\"", 1)
	for _, path := range []string{inFile, filepath.Join(folder, "config.toml")} {
		if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &service{t: t, path: inFile, clock: &testClock{}, log: newLogBook(t)}
	if out {
		s.path = db.config(inFile, "database.toml")
	}
	s.start()
	defer s.stop()
	s.log.keepOut(databasePassword, filepath.Base(s.Welcome))
	admin := s.admin()
	for _, id := range []string{"lecker", "stays"} {
		admin.outlet(id)
		admin.add(id, "source", textDoc("hours", "Open from 9 to 17."))
		admin.add(id, "keyword", wordDoc("hours", "hours"))
		admin.add(id, "channel", botDoc("tg", api, nil))
	}
	// say tells something to the bot of one of the two, and returns the reply.
	say := func(s *service, publisher string, chat int64, text string) string {
		t.Helper()
		before := len(api.sent(chat))
		s.log.keepOut(text, fmt.Sprint(chat))
		if got := request(t, http.MethodPost, s.URL+"/hook/"+publisher+"/tg", messageUpdate(newUpdate(), chat, text), telegramHeader()); got.status != http.StatusOK {
			return fmt.Sprint(got.status)
		}
		return s.replies(api, chat, before+1)[before]
	}
	const movedReader, keptReader = leavingReader, stayingReader
	say(s, "lecker", movedReader, "my city "+leavingMark+"aaa")
	say(s, "stays", keptReader, "my city "+stayingMark+"aaa")
	for publisher, chat := range map[string]int64{"lecker": movedReader, "stays": keptReader} {
		say(s, publisher, chat, "language fr")
	}
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Withdrawn since.", "say": "It was nothing."})
	s.settled()

	// The new installation, in a folder of its own.
	own := &service{t: t, path: filepath.Join(folder, "config.toml"), clock: s.clock, log: newLogBook(t)}
	own.log.keepOut(databasePassword)
	to := "bolt:" + filepath.Join(folder, "keypull.db")
	if db != nil && !out {
		to, own.path = db.url(), db.config(own.path, "database.toml")
	}
	move := func(publisher string) (code int, printed, errs string) {
		args := []string{"move", "publisher", publisher, "--to", to, "-c", s.path, "--json"}
		if db != nil && !out {
			args = append(args, "--key-file", filepath.Join(folder, "keypull.key"))
		}
		return command(t.Context(), args...)
	}
	if code, _, errs := move("lecker"); code == cli.Done || !strings.Contains(errs, "is in use") && !strings.Contains(errs, "Another keypull works") {
		t.Errorf("while it is served: %d %s", code, errs)
	}
	s.stop()
	if code, _, errs := move("nobody"); code == cli.Done || !strings.Contains(errs, "nobody") {
		t.Errorf("one that is not there: %d %s", code, errs)
	}
	code, printed, errs := move("lecker")
	var told moved
	if err := json.Unmarshal([]byte(printed), &told); code != cli.Done || err != nil || !told.Complete || strings.Join(told.Publishers, " ") != "lecker" {
		t.Fatalf("%d %s%s", code, printed, errs)
	}
	if code, _, errs := move("lecker"); code == cli.Done || !strings.Contains(errs, "is there already") {
		t.Errorf("once more: %d %s", code, errs)
	}

	if code, _, errs := command(t.Context(), "move", "publisher", "lecker", "--to", "bolt:"+filepath.Join(t.TempDir(), "third.db"), "-c", s.path); code == cli.Done || !strings.Contains(errs, "has left for good") {
		t.Errorf("one that was moved: %d %s", code, errs)
	}

	for _, half := range []struct {
		of          *service
		has, lost   string
		known, gone int64
		mark, past  string
	}{
		{s, "stays", "lecker", keptReader, movedReader, stayingMark, leavingMark},
		{own, "lecker", "stays", movedReader, keptReader, leavingMark, stayingMark},
	} {
		half.of.start()
		if got := say(half.of, half.has, half.known, "xyzzy"); !strings.Contains(got, "Je ne connais pas") {
			t.Errorf("a reader of %s is answered %q", half.has, got)
		}
		if got := say(half.of, half.lost, half.gone, "xyzzy"); got != "404" {
			t.Errorf("a reader of %s is answered %q where it is no more", half.lost, got)
		}
		admin.url = func() string { return half.of.URL }
		if got := admin.get("/publishers"); strings.Contains(got.body, half.lost) || !strings.Contains(got.body, half.has) {
			t.Errorf("there are %s", got.body)
		}
		half.of.settled()
		eventually(t, "what belongs to "+half.lost+" is taken out", func() bool {
			of, err := half.of.departures.kept.All(t.Context())
			return err == nil && len(of) == 1 && of[0].Publisher == half.lost && !of[0].Ended.IsZero()
		})
		rules, err := half.of.withdrawn.Rules("lecker")
		if err != nil || len(rules) > 0 != (half.has == "lecker") {
			t.Errorf("where %s is, withdrawn is %v, %v", half.has, rules, err)
		}
		half.of.stop()
		if half.of.config.StorePath() == "" {
			continue
		}
		plain := half.of.opensWith(t, "keypull.db")
		if found := marksOf(half.past, plain); len(found) > 0 {
			t.Errorf("the store of %s opens %q", half.has, found)
		}
		if found := marksOf(half.mark, plain); len(found) == 0 {
			t.Errorf("the store of %s opens nothing of its own readers", half.has)
		}
	}
}
