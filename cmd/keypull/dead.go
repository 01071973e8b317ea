package main

import (
	"context"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/store"
)

// resendLetter hands a queued dead letter to whoever answers readers here; where
// nobody does, it waits for the next start.
func (in *installation) resendLetter(ctx context.Context, publisher string, ask uint64) error {
	if in.resend == nil {
		return nil
	}
	return in.resend(ctx, publisher, ask)
}

// sendAgain brings a dead letter to its reader's line.
func (s *Server) sendAgain(ctx context.Context, publisher string, ask uint64) error {
	_, a, err := s.resources.dead.Get(ctx, publisher, ask)
	if err != nil {
		return err
	}
	return s.sendLetter(ctx, a)
}

// sendLater has a dead letter sent again after a while that is queued for it. What
// can't be sent is one as before; what the process leaves undone the next one does.
func (s *Server) sendLater(a pull.Ask, after time.Duration) {
	time.AfterFunc(after, func() {
		var err error
		defer pull.Caught("send again", &err)
		if s.ctx.Err() != nil {
			return
		}
		if err = s.sendLetter(s.ctx, a); pull.KindOf(err) == pull.Unknown {
			err = s.resources.dead.Unqueue(s.ctx, a.Publisher, a.ID)
		}
		if err != nil && s.ctx.Err() == nil {
			s.logger.Error("a reply that did not arrive could not be sent again; the next start tries it again", "ask", a.ID, "error", err)
		}
	})
}

// sendLetter sends what was told already. An ask that never got an answer, since
// its publisher or channel was away, is asked anew: now, and once.
func (s *Server) sendLetter(ctx context.Context, a pull.Ask) error {
	err := s.pipeline.Resend(ctx, a)
	if pull.KindOf(err) != pull.Unknown || a.Text == "" && a.Tap == "" {
		return err
	}
	anew := a
	anew.ID, anew.Incoming.ID, anew.At, anew.InBand = 0, "again-"+strconv.FormatUint(a.ID, 10), s.clock(), false
	if _, err := s.pipeline.Take(ctx, []pull.Ask{anew}); err != nil {
		return err
	}
	return s.resources.dead.Remove(ctx, a.Publisher, a.ID)
}

// sendQueued takes up the dead letters that were queued and have not left. What
// can't be sent is a dead letter as before.
func (s *Server) sendQueued() {
	err := s.resources.dead.Queued(s.ctx, func(l store.DeadLetter, a pull.Ask) error {
		err := s.sendLetter(s.ctx, a)
		if pull.KindOf(err) == pull.Unknown {
			return s.resources.dead.Unqueue(s.ctx, l.Publisher, l.Ask)
		}
		return err
	})
	if err != nil && s.ctx.Err() == nil {
		s.logger.Error("dead letters that are to be sent again could not be taken up; the next start tries it again", "error", err)
	}
}
