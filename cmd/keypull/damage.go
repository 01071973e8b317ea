package main

import (
	"context"
	"errors"
	"fmt"

	"keypull/cmd/keypull/safe"
	"keypull/store"
	"keypull/web/console"
)

// countDamage counts what was found damaged and replaced.
func (in *installation) countDamage() console.Damaged {
	return console.Damaged{ReadersAnew: in.ledger.ReadersAnew(), DayKeys: in.ring.DaysDamaged(), Records: in.store.Damaged()}
}

// renewReaders has the documents of an earlier version written anew while readers
// are answered.
func (s *Server) renewReaders(ctx context.Context) error {
	done, err := s.ledger.Renewed(ctx)
	if err != nil {
		return fmt.Errorf("look at the readers: %w", err)
	}
	if done {
		return nil
	}
	s.runSteadily("write readers' documents anew", func(context.Context) {
		if err := s.ledger.Renew(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logger.Error("readers' documents could not be written anew; the next start tries again", "error", err)
		}
	})
	return nil
}

// tellAnew tells, as one line of the log, what a start with --start-anew found:
// what was moved aside, and how much cannot be opened any more.
func (in *installation) tellAnew(ctx context.Context, s *safe.Safe) error {
	lost, err := unreadable(ctx, s)
	if err != nil {
		return errors.Join(fmt.Errorf("count what cannot be opened: %w", err), s.Close())
	}
	in.logger.Warn("started anew: what opens is kept, the rest was made new or moved aside", "moved", s.Moved,
		"store_of_other_keys", s.Strange, "readers_lost", lost)
	return nil
}

// unreadable counts the readers whose documents cannot be opened.
func unreadable(ctx context.Context, s *safe.Safe) (lost int, err error) {
	for p, err := range store.Pairs(ctx, s.Store, "reader", "", store.MaxPage) {
		if err != nil {
			return lost, err
		}
		if _, _, err := s.Ring.OpenReader(store.ValuePlace(p.Key, p.Revision), p.Value); errors.Is(err, store.ErrUnreadable) {
			lost++
		}
	}
	return lost, nil
}
