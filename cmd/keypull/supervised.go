package main

import (
	"context"
	"time"

	"keypull/cmd/keypull/machine"
	"keypull/store"
)

// supervised tells a supervisor that the server serves, and that it still does
// as long as its store takes what is written. A full disk is no reason to be
// started anew, and a broken store ends the server by itself: what is left for
// the watchdog is a process that is stuck.
func (s *Server) supervised(by machine.Supervisor) {
	s.tell(by, "READY=1")
	if by.Every() > 0 {
		s.steadily("tell the supervisor", func(ctx context.Context) { s.watched(ctx, by) })
	}
}

// watched tells that the server is alive each time after the store has answered.
func (s *Server) watched(ctx context.Context, by machine.Supervisor) {
	again := time.NewTicker(by.Every())
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
		// What counts is that it comes back at all.
		_, _ = s.store.Put(ctx, "ready", nil, store.Any)
		s.tell(by, "WATCHDOG=1")
	}
}

func (s *Server) tell(by machine.Supervisor, state string) {
	if err := by.Tell(state); err != nil {
		s.logger.Warn("the supervisor cannot be told", "error", err)
	}
}
