package main

import (
	"context"
	"fmt"
)

// damaged counts, since the start, what was found damaged and replaced.
type damaged struct {
	// ReadersAnew are readers whose documents could not be opened any more.
	ReadersAnew int64 `json:"readers_anew"`
	// DayKeys are days that lost a copy of their key, or both.
	DayKeys int64 `json:"day_keys"`
}

func (h *house) damaged() damaged {
	return damaged{ReadersAnew: h.ledger.ReadersAnew(), DayKeys: h.ring.DaysDamaged()}
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
	s.wait.Go(func() {
		if err := s.ledger.Renew(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logger.Error("readers' documents could not be written anew; the next start tries again", "error", err)
		}
	})
	return nil
}
