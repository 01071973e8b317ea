package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/retention"
	"keypull/pull/who"
	"keypull/store"
)

// readers counts the documents that the store holds.
func (s *service) readers() int {
	s.t.Helper()
	page, err := s.store.Scan(s.t.Context(), "reader", "", store.MaxPage)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(page)
}

// night does what the night does, by the clock as it stands.
func (s *service) night(known *store.Retention) {
	s.t.Helper()
	now := s.clock.Now()
	gone := retention.NewAbsence(known, now)
	if err := s.sweepExpired(s.t.Context(), now, gone); err != nil {
		s.t.Fatal(err)
	}
	if err := s.retireReaders(s.t.Context(), now, known, gone); err != nil {
		s.t.Fatal(err)
	}
	gone.End(known)
}

func TestSessionsThatNobodyAgreedToKeepEndAfterThirtyDays(t *testing.T) {
	s, _ := changingChat(t, `consent = "May we remember you?"`)
	first := s.chat(`{"text":"help"}`)
	agreed := s.chat(`{"text":"help","consent":true}`)
	stopped := s.chat(`{"text":"stop"}`)
	var known store.Retention
	s.clock.advance(10 * 24 * time.Hour)
	s.restart()
	s.chat(fmt.Sprintf(`{"text":"help","session":%q}`, first.Session))
	s.chat(`{"text":"help"}`)
	if s.night(&known); s.readers() != 4 {
		t.Fatalf("%d readers are held before their time", s.readers())
	}
	s.clock.advance(25 * 24 * time.Hour)
	s.restart()
	if s.night(&known); s.readers() != 3 {
		t.Errorf("%d readers are held, want those who asked lately and the one who agreed", s.readers())
	}
	if got := s.chat(fmt.Sprintf(`{"text":"news","session":%q}`, stopped.Session)); len(got.Replies) != 0 && !strings.Contains(got.text(), "START") {
		t.Errorf("the STOP is lost: %+v", got)
	}
	s.clock.advance(31 * 24 * time.Hour)
	s.restart()
	if s.night(&known); s.readers() != 1 {
		t.Errorf("%d readers are held, want the one who agreed", s.readers())
	}
	if got := s.chat(fmt.Sprintf(`{"text":"help","session":%q}`, agreed.Session)); strings.Contains(got.text(), "You are asking") {
		t.Errorf("who agreed was forgotten: %+v", got)
	}
}

// An earlier keypull told some that they are erased, and left them.
func TestWhoSaidForgetMeAndIsStillThereIsErasedInTheNight(t *testing.T) {
	s := askedHouse(t)
	key := s.readerKey("lecker", "web", askingSession)
	if err := s.changeReader(t.Context(), key, func(r who.Reader) who.Reader {
		r = r.Tombstone()
		r.Leaves = s.clock.Now()
		return r
	}); err != nil {
		t.Fatal(err)
	}
	var known store.Retention
	if s.night(&known); s.readers() != 2 {
		t.Fatalf("%d readers are held at once", s.readers())
	}
	s.clock.advance(4 * 24 * time.Hour)
	if s.night(&known); s.readers() != 1 {
		t.Errorf("%d readers are held", s.readers())
	}
}

func TestWhatBelongsToAPublisherThatIsGoneIsKeptForADay(t *testing.T) {
	s, _ := changingChat(t)
	s.crowd("lecker", "news", 1)
	snapshots := func() int {
		page, err := s.store.Scan(t.Context(), "snapshot", "", store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		return len(page)
	}
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(whole), "[[publisher]]")
	if err := os.WriteFile(s.path, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	var known store.Retention
	for _, night := range []struct {
		after time.Duration
		want  bool
	}{{time.Hour, true}, {12 * time.Hour, true}, {12 * time.Hour, false}} {
		s.clock.advance(night.after)
		s.restart()
		if s.night(&known); (snapshots() > 0) != night.want {
			t.Fatalf("%s later: %d snapshots", night.after, snapshots())
		}
	}
}
