package mcp

import (
	"container/list"
	"crypto/rand"
	"strconv"
	"sync"
	"time"
)

// Most asks are the only ones of their session. So that they don't leave a reader
// each, the readers of sessions that have rested are taken for new ones: after
// rested nothing of the former can be gone on with, neither a question nor MORE.
const (
	rested      = 35 * time.Minute
	maxSessions = 50_000
)

// sessions are those that the server began itself. They end with it.
type sessions struct {
	mu    sync.Mutex
	begun map[string]*list.Element
	// epoch tells the readers of this process from those of any other.
	epoch string
	// recent holds *conversation, the latest first.
	recent  list.List
	readers int
}

// conversation is one session: the word that goes on with it, whose it is, and
// the reader that its context is kept under.
type conversation struct {
	session, owner, reader string
	used                   time.Time
}

// begin begins a session, and returns the word that goes on with it and its reader.
func (s *sessions) begin(owner string, now time.Time) (session, reader string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun == nil {
		s.begun, s.epoch = map[string]*list.Element{}, rand.Text()[:8]
	}
	session = rand.Text()
	c := &conversation{session: session, owner: owner, used: now}
	switch oldest := s.recent.Back(); {
	case oldest != nil && now.Sub(oldest.Value.(*conversation).used) > rested:
		former, _ := s.recent.Remove(oldest).(*conversation)
		delete(s.begun, former.session)
		c.reader = former.reader
	case s.readers < maxSessions:
		s.readers++
		c.reader = s.epoch + "/" + strconv.Itoa(s.readers)
	default:
		return session, s.epoch + "/" + session
	}
	s.begun[session] = s.recent.PushFront(c)
	return session, c.reader
}

// resume returns the reader of a session, or false if it is none of the owner's
// that is still known.
func (s *sessions) resume(session, owner string, now time.Time) (reader string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.begun[session]
	if e == nil || e.Value.(*conversation).owner != owner {
		return "", false
	}
	c, _ := e.Value.(*conversation)
	c.used = now
	s.recent.MoveToFront(e)
	return c.reader, true
}
