package pipeline

import (
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

func newTickets(memory int) *tickets {
	return &tickets{open: map[uint64]*ticket{}, recent: keptReplies(memory)}
}

// joinTicket joins those who wait for an ask, or returns what is known already.
func (s *tickets) joinTicket(ask uint64) (*ticket, *pull.Reply, bool) {
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

// giveUpWaiting ends one waiting; ok tells that the answer came after all.
func (s *tickets) giveUpWaiting(t *ticket) (*pull.Reply, bool) {
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

// dropWaiting ends one waiting for an ask that was settled before.
func (s *tickets) dropWaiting(ask uint64, t *ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waiting--; t.waiting == 0 && s.open[ask] == t {
		delete(s.open, ask)
	}
}

// settleTicket hands the answer to who waits, or keeps it for who is about to, as
// expected says. It returns false where it is to be sent: nobody is expected,
// or everybody has given up.
func (s *tickets) settleTicket(a pull.Ask, reply *pull.Reply, expected bool) bool {
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

// forgetReader drops the answers of a reader but that to one ask, which tells the reader so.
func (s *tickets) forgetReader(reader who.Key, but uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ask, h := range s.recent.All() {
		if h.reader == reader && ask != but {
			s.recent.Set(ask, handed{})
		}
	}
}
