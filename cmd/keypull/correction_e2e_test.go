package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// correctedHouse returns a publisher of two answers, one of which some readers have seen.
func correctedHouse(t *testing.T, seen ...string) (*service, caller) {
	t.Helper()
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "source", textDoc("parking", "Behind the house."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	c.add("lecker", "keyword", wordDoc("parking", "parking"))
	for _, session := range seen {
		s.log.keepOut(session)
		if got := s.says(session, "hours"); !strings.Contains(got, "Open from 9") || strings.Contains(got, "orrection") {
			t.Fatal(got)
		}
	}
	s.settled()
	return s, c
}

const (
	correctionSaid = "We are open until 18, not 17."
	sawSoon        = "session-of-one-who-asks-soon"
	sawLate        = "session-of-one-who-asks-late"
	sawNone        = "session-of-one-who-never-saw-it"
)

func TestReadersWhoSawAnItemMeetItsCorrectionOnce(t *testing.T) {
	for name, c := range map[string]struct{ operation, told string }{
		"corrected": {"correct", "Open from 9 to 17."},
		"withdrawn": {"withdraw", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, admin := correctedHouse(t, sawSoon, sawLate)
			s.log.keepOut(sawNone)
			admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/"+c.operation, object{"text": "Open from 9 to 17.", "say": correctionSaid})
			meets := func(when, session string, want bool) {
				t.Helper()
				got := s.says(session, "parking")
				if strings.Contains(got, correctionSaid) != want || !strings.Contains(got, "Behind the house.") {
					t.Errorf("%s %s is told %s", when, session, got)
				}
			}
			meets("at first", sawSoon, true)
			meets("the second time", sawSoon, false)
			meets("at first", sawNone, false)
			s.restart()
			meets("after a restart", sawSoon, false)
			meets("after a restart", sawLate, true)
			meets("after that", sawLate, false)
			// Whoever asks for it gets the line with the item itself, each time.
			for range 2 {
				got := s.says(sawLate, "hours")
				if c.told != "" && (!strings.Contains(got, c.told) || strings.Count(got, correctionSaid) == 0) {
					t.Errorf("the item is told as %s", got)
				}
				if c.told == "" && strings.Contains(got, "Open from 9") {
					t.Errorf("it is told still: %s", got)
				}
			}
		})
	}
}

func TestACorrectionIsMetWithTheItemOnce(t *testing.T) {
	s, admin := correctedHouse(t, sawSoon)
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/correct", object{"text": "Open from 9 to 17.", "say": correctionSaid})
	if got := s.chat(asJSON(t, object{"text": "hours", "session": sawSoon})).text(); strings.Count(got, correctionSaid) != 1 {
		t.Errorf("asked for again it is told as %q", got)
	}
}

func TestACorrectionStandsInTheShapeOfEveryChannel(t *testing.T) {
	_, admin := correctedHouse(t)
	run := func(text string, keep bool) []object {
		t.Helper()
		return admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/ask",
			object{"channel": "all", "reader": "of-every-channel", "text": text, "keep": keep}).entries("channels")
	}
	run("hours", true)
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/correct", object{"text": "Open from 9 to 17.", "say": correctionSaid})
	kinds := map[string]bool{}
	for _, m := range allKinds().Messengers {
		kinds[m.Name] = true
	}
	for _, text := range []string{"hours", "parking"} {
		missing := map[string]bool{}
		for kind := range kinds {
			missing[kind] = true
		}
		for _, p := range run(text, false) {
			delete(missing, textOf(p, "kind"))
			told := ""
			for _, m := range entriesOf(p, "messages") {
				told += textOf(m, "text") + "\n"
			}
			if strings.Count(told, strings.TrimSuffix(correctionSaid, ".")) != 1 {
				t.Errorf("%s: %s tells %q", text, textOf(p, "kind"), told)
			}
		}
		if len(missing) > 0 {
			t.Errorf("%s: not shown are %v", text, missing)
		}
	}
}

func TestAnOlderBackupBringsNothingBackThatWasWithdrawn(t *testing.T) {
	s, admin := correctedHouse(t)
	old := filepath.Join(t.TempDir(), "old.db")
	if _, err := s.installation.file.BackupFile(t.Context(), old, false); err != nil {
		t.Fatal(err)
	}
	withdrawn := admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Open from 9 to 17."}).text("id")
	restore := func(told bool) {
		t.Helper()
		s.stop()
		b, err := os.ReadFile(old) //nolint:gosec // of this test
		if err == nil {
			err = os.WriteFile(s.file("keypull.db"), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		s.start()
		got, err := tryAsk(s.URL, "lecker", "hours")
		if err != nil || strings.Contains(got, "Open from 9") != told {
			t.Errorf("after a restore it is told %q, %v", got, err)
		}
	}
	restore(false)
	restore(false)
	admin = s.admin()
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/restore", object{"withdrawal": withdrawn})
	restore(true)
}
