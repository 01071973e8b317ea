package main

import (
	"context"
	"fmt"
	"time"

	"keypull/pull/when"
)

// Retention of what readers wrote and were told: after it the records are
// dropped, and the keys of their days destroyed, so that older copies of the
// store cannot be read for them either.
const (
	textRetention = 30 * 24 * time.Hour
	tidySchedule  = "17 3 * * *"
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

// setUpTimeout bounds telling a platform where this channel is.
const setUpTimeout = 30 * time.Second

// setUp tells the platforms where their deliveries go, where this server can
// be reached by them at all. A platform that refuses is told to the operator
// and stops nothing: its webhook may be set by hand.
func (s *Server) setUp(ctx context.Context) {
	for _, c := range s.channels.All() {
		m, ok := c.Messenger.(interface{ SetUp(context.Context) error })
		if !ok {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, setUpTimeout)
		err := m.SetUp(ctx)
		cancel()
		if err != nil && ctx.Err() == nil {
			s.logger.Warn("a channel could not be set up at its platform", "publisher", c.Publisher, "channel", c.ID, "error", err)
		}
	}
}
