package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"keypull/web/console"
)

// TestAPublisherThatLeftIsOutOfReachOfOlderArchives has one leave whose readers stand in an
// archive, and puts that back with the newest half.
func TestAPublisherThatLeftIsOutOfReachOfOlderArchives(t *testing.T) {
	reader, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	s := serveConsole(t, fmt.Sprintf("[backup]\nto = \"archives\"\nnewest = \"newest\"\nrecipient = %q\n", reader.Recipient()))
	h := newCopiedHouse(t, &newsroomUnderTest{service: s, api: newBotAPI(t)}, reader)
	admin := s.admin()
	for _, id := range []string{"lecker", "stays"} {
		admin.outlet(id)
		admin.add(id, "source", textDoc("hours", "Open from 9 to 17."))
		admin.add(id, "keyword", wordDoc("hours", "hours"))
	}
	admin.add("lecker", "channel", botDoc("tg", h.api, nil))
	s.reply(h.api, leavingReader, "hours")
	s.reply(h.api, leavingReader, "my city "+leavingMark+"aaa")
	s.reply(h.api, stoppingReader, leavingMark+"bbb parade")
	s.reply(h.api, stoppingReader, "STOP")
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Withdrawn since.", "say": "It was nothing."})
	before := h.backsUp(t)
	if found := marksOf(leavingMark, s.opensOf(t, keep(t, h.member(t, before.Archive, "store")), keep(t, h.member(t, before.Newest, "slots")))); len(found) < 2 {
		t.Fatalf("while the readers are there the halves open %q", found)
	}

	s.program("lecker", "owner").want(http.StatusForbidden, http.MethodPost, "/publishers/lecker/leave", object{"confirm": "lecker"})
	admin.want(http.StatusUnprocessableEntity, http.MethodPost, "/publishers/lecker/leave", object{"confirm": "leckr"})
	admin.want(http.StatusNotFound, http.MethodPost, "/publishers/nobody/leave", object{"confirm": "nobody"})
	printed := s.printed(t, "publisher leave lecker --yes --json")
	var left console.PublisherLeft
	if err := json.Unmarshal([]byte(printed), &left); err != nil {
		t.Fatal(err)
	}
	if left.Held["readers"] != 2 || left.Held["stops"] != 1 || left.Held["settings"] != 5 || left.Ended.IsZero() {
		t.Errorf("it printed %s", printed)
	}
	s.verifiesReceipt(t, left)
	if again := s.printed(t, "publisher leave lecker --yes --json"); again != printed {
		t.Errorf("printed again it is %s", again)
	}
	admin.want(http.StatusNotFound, http.MethodGet, "/publishers/lecker", nil)
	if got := admin.send(http.MethodPost, "/publishers", object{"publisher": object{"id": "lecker", "name": "Lecker", "languages": []string{"en"}, "time_zone": "UTC"}}); got.status < 400 {
		t.Errorf("its id is given again: %d %s", got.status, got.body)
	}
	if got := admin.get("/changes").body; strings.Contains(got, "lecker") {
		t.Errorf("it can be undone: %s", got)
	}
	after := h.backsUp(t)
	s.stop()

	old := halvesMade{before.Archive, after.Newest}
	plain := s.opensOf(t, keep(t, h.member(t, old.Archive, "store")), keep(t, h.member(t, old.Newest, "slots")))
	if found := marksOf(leavingMark, plain); len(found) > 0 {
		t.Errorf("the old archive and the newest half open %q", found)
	}
	again, told := h.restores(t, old)
	if told.Departed != 1 || told.Readers != 0 {
		t.Errorf("restore told %+v", told)
	}
	again.start()
	t.Cleanup(again.stop)
	admin.url = func() string { return again.URL }
	if got := admin.get("/publishers"); strings.Contains(got.body, "lecker") || !strings.Contains(got.body, "stays") {
		t.Errorf("put back are %s", got.body)
	}
	if rules, err := again.withdrawn.Rules("lecker"); err != nil || len(rules) > 0 {
		t.Errorf("withdrawn is %v, %v", rules, err)
	}
	again.verifiesReceipt(t, left)
	again.stop()
	if found := marksOf(leavingMark, again.opensWith(t, "keypull.db")); len(found) > 0 {
		t.Errorf("what was put back opens %q", found)
	}
}

// verifiesReceipt checks a receipt as anybody can: by the public keys that are served.
func (s *service) verifiesReceipt(t *testing.T, left console.PublisherLeft) {
	t.Helper()
	var served struct {
		Keys []struct {
			ID        string `json:"kid"`
			Coded     string `json:"x"`
			Publisher string `json:"publisher"`
		} `json:"keys"`
	}
	if err := json.Unmarshal([]byte(request(t, "GET", s.URL+"/.well-known/keypull-keys.json", "", nil).body), &served); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(left.Receipt, ".")
	var plain [3][]byte
	for i := range plain {
		if len(parts) != len(plain) {
			t.Fatalf("the receipt is %s", left.Receipt)
		}
		var err error
		if plain[i], err = base64.RawURLEncoding.DecodeString(parts[i]); err != nil {
			t.Fatal(err)
		}
	}
	var head struct{ Alg, Kid string }
	var said console.Departure
	if err := json.Unmarshal(plain[0], &head); err != nil || head.Alg != "EdDSA" {
		t.Errorf("the head is %s, %v", plain[0], err)
	}
	if err := json.Unmarshal(plain[1], &said); err != nil || said.Publisher != left.Publisher || !said.Ended.Equal(left.Ended) || said.Held["readers"] != left.Held["readers"] {
		t.Errorf("the receipt says %s, %v", plain[1], err)
	}
	for _, k := range served.Keys {
		if key, err := base64.RawURLEncoding.DecodeString(k.Coded); err == nil && k.ID == head.Kid && k.Publisher == left.Publisher && ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), plain[2]) {
			return
		}
	}
	t.Errorf("no key that is served verifies %s", left.Receipt)
}

func TestADepartureNeverEndsBeforeItBegan(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for at, want := range map[time.Duration]time.Duration{0: 0, time.Nanosecond: time.Second, 300 * time.Millisecond: time.Second, time.Second: time.Second, 1500 * time.Millisecond: 2 * time.Second} {
		if got := endOf(noon.Add(at)); !got.Equal(noon.Add(want)) {
			t.Errorf("what ended %s after noon is told as %s", at, got.Format(time.RFC3339Nano))
		}
	}
}
