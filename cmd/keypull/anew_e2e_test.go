package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// storeHouse returns an installation with a publisher, a bot whose token is sealed,
// and a reader, that has ended.
func storeHouse(t *testing.T) (*service, *botAPI) {
	t.Helper()
	api := newBotAPI(t)
	s := askedHouse(t)
	s.admin().add("lecker", "channel", botDoc("tg", api, nil))
	s.says("who-wants-no-more", "stop")
	s.settled()
	s.stop()
	return s, api
}

func (s *service) file(name string) string { return filepath.Join(filepath.Dir(s.path), name) }

func TestEveryCommandRefusesAStoreAndKeysThatAreNotEachOthers(t *testing.T) {
	for name, spoil := range map[string]func(s *service) error{
		"no keys":          func(s *service) error { return os.Rename(s.file("keypull.key"), s.file("away")) },
		"no slots":         func(s *service) error { return os.Rename(s.file("keypull.key.slots"), s.file("away")) },
		"no store":         func(s *service) error { return os.Rename(s.file("keypull.db"), s.file("away")) },
		"emptied slots":    func(s *service) error { return os.Truncate(s.file("keypull.key.slots"), 0) },
		"emptied key file": func(s *service) error { return os.Truncate(s.file("keypull.key"), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := storeHouse(t)
			if err := spoil(s); err != nil {
				t.Fatal(err)
			}
			for _, args := range []string{
				"serve", "ask hours --publisher lecker", "backup " + s.file("copy.db"), "backup --keys " + s.file("copy.key"), "user list",
				"token list", "demand", "reader show --publisher lecker --channel web --id 1",
			} {
				code, _, stderr := s.run(args)
				if code != cli.Damaged || !strings.Contains(stderr, "--start-anew") {
					t.Errorf("keypull %s ended with %d and said %s", args, code, stderr)
				}
			}
		})
	}
}

func TestAStartAnewKeepsTheStoreAndNamesTheSecretsThatAreLost(t *testing.T) {
	s, _ := storeHouse(t)
	for _, name := range []string{"keypull.key", "keypull.key.slots"} {
		if err := os.Rename(s.file(name), s.file("away."+name)); err != nil {
			t.Fatal(err)
		}
	}
	s.options.Anew = true
	s.start()
	s.options.Anew = false
	if log := s.log.String(); strings.Count(log, "started anew") != 1 || !strings.Contains(log, `"readers_lost":3`) {
		t.Errorf("the log does not tell what was lost: %s", log)
	}
	for range 2 {
		for _, session := range []string{askingSession, "who-wants-no-more"} {
			if got := s.says(session, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
				t.Errorf("%s was answered %s", session, got)
			}
		}
		s.settled()
		lost := s.admin().get("/publishers/lecker/channels/tg")
		if !strings.Contains(lost.text("error"), "enter it anew") {
			t.Errorf("the channel says %s", lost.body)
		}
		s.namesLostSecrets(t)
		s.restart()
	}
	s.stop()
	s.namesLostSecrets(t)
	s.start()
	api := newBotAPI(t)
	c := s.admin()
	c.want(http.StatusNoContent, http.MethodDelete, "/publishers/lecker/channels/tg", nil, "If-Match", "*")
	c.add("lecker", "channel", botDoc("tg", api, nil))
	if code, stdout, _ := s.run("check --offline"); code != cli.Done {
		t.Errorf("check: %d, %s", code, stdout)
	}
}

// namesLostSecrets has check name what is lost.
func (s *service) namesLostSecrets(t *testing.T) {
	t.Helper()
	code, stdout, stderr := s.run("check --offline")
	if code != cli.Findings || !strings.Contains(stdout, "lecker/channel/tg") || !strings.Contains(stdout, "token") {
		t.Errorf("check: %d, %s%s", code, stdout, stderr)
	}
}

func TestKeysWithoutTheirStoreBeginEmptyAfterAStartAnew(t *testing.T) {
	s, _ := storeHouse(t)
	if err := os.Remove(s.file("keypull.db")); err != nil {
		t.Fatal(err)
	}
	s.options.Anew = true
	s.start()
	s.options.Anew = false
	if got := s.admin().get("/publishers"); len(got.entries("publishers")) != 0 {
		t.Errorf("publishers of nowhere: %s", got.body)
	}
	s.restart()
}

func TestDamagedKeysAreToldInReadyzAndOnThePageOfToday(t *testing.T) {
	s, _ := storeHouse(t)
	slots, err := os.ReadFile(s.file("keypull.key.slots"))
	if err != nil {
		t.Fatal(err)
	}
	for at := 64; at < len(slots); at += 64 {
		slots[at+30] ^= 2
	}
	if err := os.WriteFile(s.file("keypull.key.slots"), slots, 0o600); err != nil {
		t.Fatal(err)
	}
	s.start()
	for range 2 {
		if got := s.says(askingSession, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
			t.Errorf("who lost their key was answered %s", got)
		}
		if got := s.says("who-wants-no-more", "hours"); strings.Contains(got, "Open from 9 to 17.") {
			t.Errorf("who said STOP was answered %s", got)
		}
	}
	ready := request(t, http.MethodGet, s.URL+"/readyz", "", nil)
	if !strings.Contains(ready.body, `"damaged":{"readers_anew":2,"day_keys":1,`) {
		t.Errorf("/readyz: %s", ready.body)
	}
	if log := s.log.String(); strings.Count(log, "starts anew") != 2 || strings.Count(log, "a key of a day was damaged") != 1 {
		t.Errorf("the log: %s", log)
	}
	if damaged := s.admin().get("/publishers/lecker/today").table("damaged"); damaged["readers_anew"] != 2.0 {
		t.Errorf("today: %v", damaged)
	}
	s.restart()
	if ready := request(t, http.MethodGet, s.URL+"/readyz", "", nil); !strings.Contains(ready.body, `"readers_anew":0,"day_keys":0`) {
		t.Errorf("after a restart: %s", ready.body)
	}
}
