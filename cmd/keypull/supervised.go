package main

import (
	"context"
	"time"

	"keypull/cmd/keypull/machine"
	"keypull/store"
)

// notifySupervisor tells a supervisor that the server serves, and that it still does
// as long as its store takes what is written. A full disk is no reason to be
// started anew, and a broken store ends the server by itself: what is left for
// the watchdog is a process that is stuck.
func (s *Server) notifySupervisor(by machine.Supervisor) {
	s.sendState(by, "READY=1")
	if by.Every() > 0 {
		s.runSteadily("tell the supervisor", func(ctx context.Context) { s.pingSupervisor(ctx, by) })
	}
}

// pingSupervisor tells that the server is alive each time after the store has answered.
func (s *Server) pingSupervisor(ctx context.Context, by machine.Supervisor) {
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
		s.sendState(by, "WATCHDOG=1")
	}
}

func (s *Server) sendState(by machine.Supervisor, state string) {
	if err := by.Tell(state); err != nil {
		s.logger.Warn("the supervisor cannot be told", "error", err)
	}
}
