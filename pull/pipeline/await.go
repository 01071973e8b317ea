package pipeline

import (
	"context"

	"keypull/pull"
)

// awaitAnswer waits until the ask of a request is settled, see Pipeline.Await.
func (s *settler) awaitAnswer(ctx context.Context, a pull.Ask, of Accepted) (reply *pull.Reply, ok bool, err error) {
	t, reply, ok := s.tickets.joinTicket(a.ID)
	if ok {
		return reply, true, nil
	}
	if of.Duplicate {
		reply, found, err := s.repeatedReply(ctx, a)
		if err != nil || found {
			s.tickets.dropWaiting(a.ID, t)
			return reply, err == nil, err
		}
	}
	select {
	case <-t.done:
		return t.reply, true, nil
	case <-ctx.Done():
	case <-s.life.working.Done():
	}
	reply, ok = s.tickets.giveUpWaiting(t)
	return reply, ok, nil
}

// repeatedReply returns the answer to an ask that was settled before, or false if it is
// not yet. One of which nothing could be kept is answered anew, and settled and
// counted no second time.
func (s *settler) repeatedReply(ctx context.Context, a pull.Ask) (*pull.Reply, bool, error) {
	record, found, err := s.ledger.Record(ctx, a.ID)
	if err != nil || !found || !record.Reduced {
		return record.Reply, found, err
	}
	e := s.editions.Edition(a.Publisher)
	if e == nil {
		return nil, true, nil
	}
	m, err := s.readers.readerOf(a.Reader)
	if err != nil {
		return nil, true, err
	}
	return s.answerAsk(e, a, m.Load().reader, nil).Reply, true, nil
}
