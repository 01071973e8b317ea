package main

import (
	"context"
	"fmt"

	"keypull/web/console"
)

// damaged counts what was found damaged and replaced.
func (in *installation) damaged() console.Damaged {
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
	s.steadily("write readers' documents anew", func(context.Context) {
		if err := s.ledger.Renew(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logger.Error("readers' documents could not be written anew; the next start tries again", "error", err)
		}
	})
	return nil
}
