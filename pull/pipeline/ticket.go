package pipeline

import (
	"context"
	"sync"

	"github.com/maypok86/otter/v2"

	"keypull/pull"
	"keypull/pull/who"
)

// tickets let the request that brought an ask wait for its answer.
type tickets struct {
	mu   sync.Mutex
	open map[uint64]*ticket
	// recent keeps the answers that were handed over, so that a request that
	// is repeated gets the same one.
	recent *otter.Cache[uint64, handed]
}

// handed is an answer, and whose it is.
type handed struct {
	reader who.Key
	reply  *pull.Reply
}

type ticket struct {
	done    chan struct{}
	reply   *pull.Reply
	waiting int
	// late: everybody who waited has been told that the answer follows.
	late bool
}

func newTickets(memory int) tickets {
	return tickets{open: map[uint64]*ticket{}, recent: keptReplies(memory)}
}

// Await waits until the ask of a request is settled and returns its reply,
// which is nil where nothing may be said. ok is false when ctx, or this
// process, ended first: then the reply is sent when it is there. Every in-band ask that Take
// accepted must be awaited, at once and by the request that brought it.
func (l *Pipeline) Await(ctx context.Context, a pull.Ask, of Accepted) (reply *pull.Reply, ok bool, err error) {
	a.ID = of.Seq
	if reply, ok, err = l.awaitReply(ctx, a, of); err == nil && ok {
		reply, err = l.Tellable(ctx, a, reply)
	}
	return reply, ok && err == nil, err
}

func (l *Pipeline) awaitReply(ctx context.Context, a pull.Ask, of Accepted) (reply *pull.Reply, ok bool, err error) {
	t, reply, ok := l.tickets.wait(a.ID)
	if ok {
		return reply, true, nil
	}
	if of.Duplicate {
		reply, found, err := l.repeated(ctx, a)
		if err != nil || found {
			l.tickets.drop(a.ID, t)
			return reply, err == nil, err
		}
	}
	select {
	case <-t.done:
		return t.reply, true, nil
	case <-ctx.Done():
	case <-l.working.Done():
	}
	reply, ok = l.tickets.giveUp(t)
	return reply, ok, nil
}

// repeated is the answer to an ask that was settled before; false where it is
// not yet. One of which nothing could be kept is answered anew, and settled and
// counted no second time.
func (l *Pipeline) repeated(ctx context.Context, a pull.Ask) (*pull.Reply, bool, error) {
	record, found, err := l.Ledger.Record(ctx, a.ID)
	if err != nil || !found || !record.Reduced {
		return record.Reply, found, err
	}
	e := l.Editions.Edition(a.Publisher)
	if e == nil {
		return nil, true, nil
	}
	m, err := l.readerOf(a.Reader)
	if err != nil {
		return nil, true, err
	}
	return l.resolveAsk(e, a, m.Load().reader).Reply, true, nil
}

// wait joins those who wait for an ask, or returns what is known already.
func (s *tickets) wait(ask uint64) (*ticket, *pull.Reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.recent.GetIfPresent(ask); ok {
		return nil, h.reply, true
	}
	t := s.open[ask]
	if t == nil {
		t = &ticket{done: make(chan struct{})}
		s.open[ask] = t
	}
	t.waiting++
	t.late = false
	return t, nil, false
}

// giveUp ends one waiting; ok tells that the answer came after all.
func (s *tickets) giveUp(t *ticket) (*pull.Reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-t.done:
		return t.reply, true
	default:
	}
	t.waiting--
	t.late = t.waiting == 0
	return nil, false
}

// drop ends one waiting for an ask that was settled before.
func (s *tickets) drop(ask uint64, t *ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waiting--; t.waiting == 0 && s.open[ask] == t {
		delete(s.open, ask)
	}
}

// settle hands the answer to who waits, or keeps it for who is about to, as
// expected says. It returns false where it is to be sent: nobody is expected,
// or everybody has given up.
func (s *tickets) settle(a pull.Ask, reply *pull.Reply, expected bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.open[a.ID]
	delete(s.open, a.ID)
	s.recent.Set(a.ID, handed{a.Reader, reply})
	if t == nil {
		return expected
	}
	t.reply = reply
	close(t.done)
	return !t.late
}

// forget drops the answers of a reader.
func (s *tickets) forget(reader who.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ask, h := range s.recent.All() {
		if h.reader == reader {
			s.recent.Set(ask, handed{})
		}
	}
}
