package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"keypull/pull/when"
	"keypull/store"
)

// Retention of what readers wrote and were told: after it the records are
// dropped, and the keys of their days destroyed, so that older copies of the
// store cannot be read for them either.
const (
	textRetention = 30 * 24 * time.Hour
	// actRetention is how long the audit log goes back.
	actRetention = 400 * 24 * time.Hour
	// answerRetention is how long a program may repeat a request.
	answerRetention = 24 * time.Hour
	tidySchedule    = "17 3 * * *"
)

// tidy drops what is past its retention, every night, until ctx ends.
func (s *Server) tidy(ctx context.Context) {
	schedule, err := when.ParseSchedule(tidySchedule, time.UTC)
	if err != nil {
		s.logger.Error("the schedule of retention is not understood", "error", err)
		return
	}
	runner := when.Runner{Schedule: schedule, Clock: s.clock, Rand: newRand(), Logger: s.logger}
	runner.Run(ctx, func(ctx context.Context) {
		if err := s.forgetBefore(ctx, s.clock().Add(-textRetention)); err != nil {
			s.logger.Error("what is past its retention could not be dropped; trying again tomorrow", "error", err)
		}
		if err := s.sweep(ctx); err != nil {
			s.logger.Error("what the console keeps could not be swept; trying again tomorrow", "error", err)
		}
	})
}

// forgetBefore drops records and keys that are older than a moment.
func (s *Server) forgetBefore(ctx context.Context, before time.Time) error {
	n, err := s.ledger.Trim(ctx, before)
	if err != nil {
		return err
	}
	keys, err := s.ring.DestroyBefore(before)
	if err != nil {
		return fmt.Errorf("destroy the keys of past days: %w", err)
	}
	s.logger.Info("dropped what is past its retention", "records", n, "day_keys", keys)
	return nil
}

// sweep drops what has ended: sessions, links, answers to repeated requests, old
// acts, dead letters, snapshots of sources that are other ones now.
func (s *Server) sweep(ctx context.Context) error {
	now := s.clock()
	var all error
	for _, f := range []func() (int, error){
		func() (int, error) { return s.nouns.sessions.Sweep(ctx, now) },
		func() (int, error) { return s.nouns.invites.Sweep(ctx, now) },
		func() (int, error) { return s.nouns.answered.Sweep(ctx, now.Add(-answerRetention)) },
		func() (int, error) { return s.nouns.acts.Trim(ctx, now.Add(-actRetention)) },
		func() (int, error) { return s.sweepDemand(ctx, now) },
		func() (int, error) { return s.nouns.dead.Sweep(ctx, now.Add(-textRetention)) },
		func() (int, error) { return store.NewSnapshots(s.store).Sweep(ctx, s.room.Mark) },
	} {
		_, err := f()
		all = errors.Join(all, err)
	}
	return all
}

// newRand returns a generator with a seed of its own.
func newRand() *rand.Rand {
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // spreads load, guards nothing
}
