package postgres

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A handle is held for its lease from when the others were told, by this process's own clock,
// and what can't be taken back waits from then on.
func TestAHandleIsHeldForItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Store{renewed: make(chan struct{}), broken: make(chan struct{})}
		s.hold(time.Now())
		time.Sleep(lease - time.Nanosecond)
		if err := s.AwaitHeld(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Nanosecond)
		soon, end := context.WithTimeout(t.Context(), time.Hour)
		defer end()
		if err := s.AwaitHeld(soon); err == nil {
			t.Error("it is held behind its lease")
		}
		waits := make(chan error)
		go func() { waits <- s.AwaitHeld(t.Context()) }()
		synctest.Wait()
		s.hold(time.Now().Add(-lease)) // the database has answered late
		synctest.Wait()
		select {
		case err := <-waits:
			t.Errorf("it is held by a word of a lease ago: %v", err)
		default:
		}
		s.hold(time.Now())
		if err := <-waits; err != nil {
			t.Error(err)
		}
	})
}
